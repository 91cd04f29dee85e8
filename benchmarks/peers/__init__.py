"""The same training in what a user would pick instead: arXiv:1805.01053, eq. 1.3, in float64 and on one core.

    r = y − (1/N) Σ_i c^i σ(w^i·x),   c^i += rate r σ(w^i·x),   w^i += rate c^i r σ'(w^i·x) x,   rate = α/N

A peer is made from the initial state and the samples; each `advance()` trains on all samples once more, from where
the last one stopped, and `state()` gives (c, w). All have σ = tanh and one output, R replicas of N particles and K
samples of d features: c (R, N), w (R, d, N), x (R, K, d), y (R, K).
"""
