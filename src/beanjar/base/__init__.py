"""What every other room stands on: ids, limits, errors, the clock."""
