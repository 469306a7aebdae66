"""Count what grows."""

from django.core.management.base import BaseCommand

from garden.models import Plant


class Command(BaseCommand):
    """``harvest``"""

    help = "Count what grows"

    def handle(self, *args, **options):
        self.stdout.write("%d plants" % Plant.objects.count())
