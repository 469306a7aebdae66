from scipy import linalg, optimize, sparse, special, stats

print(optimize.minimize_scalar(lambda x: (x - 2) ** 2).x.round(4), special.gamma(5), linalg.det([[1, 2], [3, 4]]).round(4))
print(sparse.linalg.spsolve(sparse.eye_array(3, format="csc"), [1, 2, 3]).tolist(), round(stats.norm.cdf(1), 4))
print(stats.qmc.Sobol(2, seed=1).random(2).shape)
