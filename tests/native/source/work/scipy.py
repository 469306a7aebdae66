"""Optimisation, sparse systems, statistics, integration: Fortran and C++ in a hundred extension modules."""

import numpy
from scipy import fft, integrate, interpolate, linalg, ndimage, optimize, signal, sparse, spatial, special, stats
from scipy.sparse.linalg import spsolve


def main():
    print(optimize.minimize(optimize.rosen, [1.3, 0.7, 0.8], method="BFGS").x.round(4), optimize.linprog([-1, 4], [[-3, 1]], [6]).fun)
    print(spsolve(sparse.eye(3, format="csc") * 2, numpy.arange(3.0)), linalg.expm(numpy.zeros((2, 2))))
    print(special.gamma(5), special.jv(0, 1.0).round(9), round(stats.norm.cdf(1), 9), stats.ttest_ind([1, 2, 3], [2, 3, 5]).pvalue.round(9))
    print(integrate.solve_ivp(lambda t, y: -y, (0, 1), [1.0]).y[0, -1].round(6), integrate.quad(numpy.sin, 0, numpy.pi)[0])
    print(spatial.ConvexHull([[0, 0], [1, 0], [0, 1], [0.2, 0.2]]).area, spatial.KDTree([[0, 0], [1, 1]]).query([0.9, 0.9]))
    print(interpolate.CubicSpline([0, 1, 2], [0, 1, 4])(1.5).round(6), signal.butter(2, 0.3)[0].round(6))
    print(ndimage.gaussian_filter(numpy.eye(3), 1).round(6), fft.dct([1.0, 2.0, 3.0]).round(6), stats.qmc.Sobol(2, seed=1).random(2))
