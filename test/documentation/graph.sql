-- The elements beside those that the page itself brings in.
SELECT learning.import_model('{
  "elements": [
    {"key": "goal:grow", "kind": "goal", "name": "Grow"},
    {"key": "goal:retain", "kind": "goal", "name": "Retain customers"},
    {"key": "skill:empathy", "kind": "competency", "name": "Empathy"},
    {"key": "course:empathy", "kind": "course", "name": "Listening"},
    {"key": "webinar:empathy", "kind": "webinar", "name": "Hard conversations"},
    {"key": "vendor:studio", "kind": "vendor", "name": "Studio"},
    {"key": "vendor:agency", "kind": "vendor", "name": "Agency"}],
  "relations": [
    {"source": "goal:retain", "kind": "contributes_to", "target": "goal:grow"},
    {"source": "webinar:empathy", "kind": "teaches", "target": "skill:empathy", "weight": 0.5},
    {"source": "vendor:studio", "kind": "provides", "target": "course:empathy", "alternatives": "production"},
    {"source": "vendor:agency", "kind": "provides", "target": "course:empathy", "alternatives": "production"}]}');
