#!/bin/sh
# every night, from root's crontab
set -e
docker compose exec -T db pg_dump -U odoo -Fc shop > "/srv/backup/shop-$(date +%F).dump"
find /srv/backup -mtime +14 -delete
