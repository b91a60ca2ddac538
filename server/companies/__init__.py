"""Property companies, their projects at estates, and the people in charge."""
