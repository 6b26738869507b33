"""What every source and every destination must do, on real servers."""
