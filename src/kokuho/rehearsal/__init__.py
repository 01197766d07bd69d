"""The rehearsal of the whole linkage (総合演習): a city, the mesh, kills and a damaged way.

``kokuho linkage rehearse`` runs it; see ``docs/linkage.md``. Nothing else imports this room.
"""
