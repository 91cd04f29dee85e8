/* Training of R replicas on K samples in C, for σ = tanh and one output: c (R, N), w (R, DIM, N), x (R, K, DIM), y (R, K).
 *
 * Two loops over the particles a step, as one would write them for a compiler that vectorises tanh from its own library.
 */
#include <math.h>

static double output(long n, const double *restrict c, const double *restrict w, const double *restrict x,
                     double *restrict s)
{
    double g = 0;
    for (long i = 0; i < n; i++) {
        double z = 0;
        for (int a = 0; a < DIM; a++)
            z += w[a * n + i] * x[a];
        s[i] = tanh(z);
        g += c[i] * s[i];
    }
    return g / n;
}

static void update(long n, double *restrict c, double *restrict w, const double *restrict x, const double *restrict s,
                   double step)
{
    for (long i = 0; i < n; i++) {
        double push = step * c[i] * (1 - s[i] * s[i]);
        c[i] += step * s[i];
        for (int a = 0; a < DIM; a++)
            w[a * n + i] += push * x[a];
    }
}

void train(long replicas, long steps, long n, double *c, double *w, const double *x, const double *y, double rate,
           double *s)
{
    for (long r = 0; r < replicas; r++, c += n, w += DIM * n)
        for (long k = 0; k < steps; k++, x += DIM, y++)
            update(n, c, w, x, s, rate * (*y - output(n, c, w, x, s)));
}
