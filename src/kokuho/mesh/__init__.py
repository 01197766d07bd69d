"""Rehearsal of the other side of the linkage: integrated addressee, copies, inquiries, their log.

A service of its own that stands in for the 公共サービスメッシュ and the 中間サーバー, whose
interfaces are not public. It starts in a rehearsal folder alone (:mod:`kokuho.mesh.rehearsal`),
with generated numbers, and never holds a real My Number. Imports ``base`` and
``linkage.messages`` only.
"""
