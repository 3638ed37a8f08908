"""The domain: values, facts, questions, marking, memory. Pure: no framework, storage or clock."""
