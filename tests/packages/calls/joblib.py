import math

from joblib import Memory, Parallel, delayed, dump, load

print(Parallel(n_jobs=2)(delayed(math.factorial)(number) for number in range(6)))
print(Parallel(n_jobs=2, backend="multiprocessing")(delayed(math.sqrt)(number) for number in range(4)))


def twice(number):
    import jinja2

    return number * 2, jinja2.__name__


print(Parallel(n_jobs=2)(delayed(twice)(number) for number in range(3)))
dump({"a": [1]}, "kept.joblib")
print(load("kept.joblib"), Memory("cache", verbose=0).cache(math.hypot)(3, 4))
