"""Readers of the files that deploy an instance: odoo.conf, compose, Dockerfile, nginx and .env."""
