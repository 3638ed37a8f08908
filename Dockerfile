# Factdeck as a container: docs/deploy.md says how to run it.
FROM python:3.13-slim AS built
WORKDIR /srv/factdeck
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/factdeck \
 && /opt/factdeck/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY seed_data seed_data
# Editable, since migrations and seed_data stand beside the package.
RUN /opt/factdeck/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --no-build-isolation --editable . \
 && /opt/factdeck/bin/python -m compileall -q app

FROM python:3.13-slim
# pg_dump and pg_restore, for backups where DATABASE_URL names a PostgreSQL.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin factdeck \
 && install -d -o factdeck -g factdeck -m 0700 /data
COPY --from=built /opt/factdeck /opt/factdeck
COPY --from=built /srv/factdeck /srv/factdeck
ENV PATH=/opt/factdeck/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FACTDECK_HOME=/data \
    FACTDECK_LOG=json \
    HOST=0.0.0.0 \
    PORT=8000
USER factdeck
WORKDIR /srv/factdeck
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/readyz', timeout=4)"]
CMD ["factdeck", "serve"]
