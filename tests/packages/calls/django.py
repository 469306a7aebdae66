import django
from django.conf import settings

settings.configure(
    SECRET_KEY="key",
    ALLOWED_HOSTS=["*"],
    USE_I18N=True,
    LANGUAGE_CODE="de",
    ROOT_URLCONF="__main__",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}},
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.staticfiles", "django.contrib.messages"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    STATIC_URL="/static/",
    STATIC_ROOT="static",
)
django.setup()
from django.contrib import admin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("admin/", admin.site.urls), path("", include("django.contrib.auth.urls"))]

call_command("migrate", verbosity=1, no_color=True)
call_command("collectstatic", interactive=False, verbosity=0)
call_command("createsuperuser", username="ada", email="ada@example.org", interactive=False)
call_command("startapp", "shop")
print(User.objects.count(), finders.find("admin/css/base.css") is not None)
print(Client().get("/password_reset/").content.decode().count("Passwort"))
