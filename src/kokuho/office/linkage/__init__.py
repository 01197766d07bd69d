"""The city's side of the linkage (情報連携): what was registered, when and by whom."""
