"""What the reader chose: the record, the link that spells it, the widgets that hold it."""
