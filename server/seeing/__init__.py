"""Whether everything works: facts about the system itself, their lights, metrics, and alarms; never about a person."""
