"""The register: insurers, residents, households, enrolments, incomes, decisions, assessments."""
