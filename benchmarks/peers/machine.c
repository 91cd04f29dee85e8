/* What this machine can do at most: its multiply-adds and divisions in registers, its memory traffic in one sweep. */
#ifdef __AVX512F__
typedef double vector __attribute__((vector_size(64)));
#else  /* sixteen registers of half the length: twice that would go through memory */
typedef double vector __attribute__((vector_size(32)));
#endif

enum { CHAINS = 12, DIVISIONS = 4, LANES = sizeof(vector) / sizeof(double) };

/* One division and `blocks` times 12 multiply-adds for each vector of n numbers, independent of each other. */
double arithmetic(long n, long blocks, double factor)
{
    vector sum[CHAINS] = {{0}}, quotient[DIVISIONS] = {{0}}, one = {0};
    double total = 0;
    one += 1;
    for (long k = 0; k < n / LANES; k += DIVISIONS)
        for (int d = 0; d < DIVISIONS; d++) {
            quotient[d] = one / (quotient[d] + factor);
            for (long b = 0; b < blocks; b++)
                for (int i = 0; i < CHAINS; i++)
                    sum[i] = sum[i] * factor + one;
        }
    for (int i = 0; i < CHAINS; i++)
        total += sum[i][0] + quotient[i % DIVISIONS][0];
    return total;
}

/* Reads and writes n numbers, `passes` times. */
void traffic(long n, long passes, double *restrict a, double factor)
{
    for (long k = 0; k < passes; k++) {
        for (long i = 0; i < n; i++)
            a[i] *= factor;
        __asm__ volatile("" ::: "memory");
    }
}
