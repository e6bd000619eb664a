"""From a Plan to an Answer."""
