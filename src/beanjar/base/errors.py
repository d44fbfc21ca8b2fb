"""The root of every error that Beanjar raises on purpose."""


class BeanjarError(Exception):
    """Something that cannot be done, told in a sentence for the person who asked for it."""
