#!/bin/sh
# A git that is too old.
echo 'git version 2.30.2'
