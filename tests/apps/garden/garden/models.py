"""What grows."""

from django.db import models


class Plant(models.Model):
    """One plant."""

    name = models.CharField(max_length=80)
    height = models.IntegerField(default=0)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
