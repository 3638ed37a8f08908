"""Files people bring and take: text to core values and back, problems listed by line."""
