"""How things look: the figures' style, names as formulas, tables and pages."""
