#!/bin/sh
# Makes the two roles and the database on the very first start; PostgreSQL's image runs it once.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$MSB_OWNER_PASSWORD" -v app="$MSB_APP_PASSWORD" <<'SQL'
CREATE ROLE msb_owner LOGIN PASSWORD :'owner';
CREATE ROLE msb_app LOGIN PASSWORD :'app';
CREATE DATABASE msb OWNER msb_owner;
SQL
