from django.db import migrations, models


def sow(apps, schema_editor):
    apps.get_model("garden", "Plant").objects.create(name="Löwenzahn", height=30)


class Migration(migrations.Migration):
    dependencies = [("garden", "0001_plant")]
    operations = [
        migrations.AddField("Plant", "height", models.IntegerField(default=0)),
        migrations.RunPython(sow, migrations.RunPython.noop),
    ]
