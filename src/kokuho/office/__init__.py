"""The office: where clerks work. It stores, shows and guards; what it knows it asks other rooms.

Importing this package imports no Django: :func:`kokuho.office.start.start` does, once, when a
command, the web or a job begins.
"""
