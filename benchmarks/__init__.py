"""Measurements that say how good the package is; not tests, because they depend on the machine."""
