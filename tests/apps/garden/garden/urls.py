"""Pages."""

from django.contrib import admin
from django.shortcuts import render
from django.urls import path

from garden.models import Plant


def beds(request):
    """Show what grows."""
    return render(request, "garden/beds.html", {"plants": Plant.objects.all()})


urlpatterns = [path("", beds), path("admin/", admin.site.urls)]
