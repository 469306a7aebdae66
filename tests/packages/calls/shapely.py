import shapely
from shapely.geometry import Point, shape

print(Point(0, 0).buffer(1).area.__round__(4), shapely.from_wkt("POLYGON((0 0,1 0,1 1,0 0))").centroid.wkt, shape({"type": "Point", "coordinates": [1, 2]}).wkt)
print(shapely.STRtree([Point(0, 0), Point(5, 5)]).nearest(Point(4, 4)), shapely.geos_version >= (3, 9))
