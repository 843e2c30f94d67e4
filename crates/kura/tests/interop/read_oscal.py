"""Takes a document of OSCAL on standard input into a workspace of compliance-trestle, validates it there, and tells what
it holds."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.catalog import Catalog
from trestle.oscal.component import ComponentDefinition
from trestle.oscal.poam import PlanOfActionAndMilestones

kind = sys.argv[1]
model = {
    "catalog": Catalog,
    "component-definition": ComponentDefinition,
    "assessment-results": AssessmentResults,
    "plan-of-action-and-milestones": PlanOfActionAndMilestones,
}[kind]
program = Path(sys.executable).parent / "trestle"

with tempfile.TemporaryDirectory() as folder:
    place = Path(folder) / "exported.json"
    place.write_bytes(sys.stdin.buffer.read())
    workspace = Path(folder) / "workspace"
    workspace.mkdir()
    for arguments in (["init"], ["import", "-f", str(place), "-o", "kura"], ["validate", "-t", kind, "-n", "kura"]):
        ran = subprocess.run([program, *arguments], cwd=workspace, capture_output=True, text=True, timeout=120)
        if ran.returncode != 0:
            sys.exit(f"trestle {' '.join(arguments)}: {ran.stdout}{ran.stderr}")
    read = model.oscal_read(place)

told = {"title": read.metadata.title, "version": read.metadata.version}
if kind == "catalog":
    told["controls"] = [control.id for group in read.groups for control in group.controls]
elif kind == "component-definition":
    implemented = [implementation for component in read.components for implementation in component.control_implementations]
    told["controls"] = sorted({requirement.control_id for one in implemented for requirement in one.implemented_requirements})
elif kind == "assessment-results":
    result = read.results[0]
    told["observations"] = len(result.observations or [])
    told["findings"] = {finding.target.target_id: str(getattr(finding.target.status.state, "value", finding.target.status.state)) for finding in result.findings}
else:
    told["items"] = [[item.title, item.description] for item in read.poam_items]
json.dump(told, sys.stdout)
