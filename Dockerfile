# One image for web, worker, beat and migrations; what runs is said in docker-compose.yml.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=gisttrial.settings \
    GISTTRIAL_DATA_DIR=/srv/gisttrial/var

# What WeasyPrint draws reports with, and a font that has Korean.
RUN apt-get update -q \
    && apt-get install -qy --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/gisttrial
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt

COPY . .
# The key signs nothing here: collecting static files only has to load the settings.
RUN SECRET_KEY=collectstatic python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --uid 10001 --no-create-home gisttrial \
    && chown -R gisttrial var

USER gisttrial
EXPOSE 8000
CMD ["gunicorn", "--config", "python:gisttrial.gunicorn_config", "--bind", "0.0.0.0:8000"]
