"""Fit models on the data that scikit-learn carries, in threads of OpenMP and in processes."""

from sklearn import cluster, datasets, decomposition, ensemble, linear_model, model_selection, svm
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main():
    points, kinds = datasets.load_iris(return_X_y=True)
    print(linear_model.LogisticRegression(max_iter=500).fit(points, kinds).score(points, kinds))
    print(ensemble.HistGradientBoostingClassifier(max_iter=10, random_state=0).fit(points, kinds).score(points, kinds))
    print(ensemble.RandomForestClassifier(20, random_state=0, n_jobs=2).fit(points, kinds).feature_importances_.round(6))
    print(round(cluster.KMeans(3, n_init=1, random_state=0).fit(points).inertia_, 6), decomposition.PCA(2).fit(points).explained_variance_.round(6))
    print(model_selection.cross_val_score(make_pipeline(StandardScaler(), svm.SVC()), points, kinds, cv=3).round(6))
    search = model_selection.GridSearchCV(svm.SVC(), {"C": [0.1, 1]}, cv=3, n_jobs=2).fit(points, kinds)
    print(search.best_params_, datasets.load_digits().images.shape)
