"""Find edges, contours and features in a picture; encode it."""

import hashlib

import cv2
import numpy


def main():
    picture = numpy.zeros((64, 96, 3), numpy.uint8)
    cv2.circle(picture, (40, 30), 20, (0, 200, 255), 3)
    cv2.putText(picture, "text", (10, 55), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255))
    edges = cv2.Canny(picture, 50, 150)
    contours, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    print(hashlib.sha256(edges.tobytes()).hexdigest(), len(contours), cv2.resize(picture, (8, 6)).sum())
    print(len(cv2.ORB_create().detect(picture)), cv2.warpAffine(edges, cv2.getRotationMatrix2D((48, 32), 30, 1), (96, 64)).sum())
    for kind in (".png", ".jpg", ".webp", ".tiff"):
        done, data = cv2.imencode(kind, picture)
        print(kind, done, hashlib.sha256(cv2.imdecode(data, cv2.IMREAD_COLOR).tobytes()).hexdigest())
