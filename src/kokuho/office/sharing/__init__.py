"""Arrears shared with others (滞納情報の共有): settings, lists, outputs. See docs/sharing.md."""
