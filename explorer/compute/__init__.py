"""What the network did: the bridge to the core. No widget in here."""
