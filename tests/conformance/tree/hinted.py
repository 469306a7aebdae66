import hinted

hinted.absent
