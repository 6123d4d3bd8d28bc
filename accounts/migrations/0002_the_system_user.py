"""The product itself as an actor of the trail."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def add_system_user(apps, schema_editor):
    apps.get_model("accounts", "User").objects.create(
        username="system", is_service=True, is_active=False, password=make_password(None)
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add_system_user, migrations.RunPython.noop, elidable=False)]
