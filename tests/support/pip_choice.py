"""pip's own judgement: which release its resolver would try first.

Its evaluator filters and sorts, its factory drops the yanked; only the finder between them, which
would ask an index, is a peer with the one method that the factory calls.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pip._internal.index.package_finder import BestCandidateResult, CandidateEvaluator
from pip._internal.models.candidate import InstallationCandidate
from pip._internal.models.link import Link
from pip._internal.models.target_python import TargetPython
from pip._internal.req.constructors import install_req_from_line
from pip._internal.resolution.resolvelib.factory import Factory
from pip._internal.utils.hashes import Hashes
from pip._vendor.packaging.specifiers import SpecifierSet

from registry_lsp.core.packages import Release

_TARGET = TargetPython()
_TARGET.get_sorted_tags()


@dataclass(frozen=True)
class Finder:
    candidates: list[InstallationCandidate]

    def find_best_candidate(self, project_name, specifier, hashes) -> BestCandidateResult:
        evaluator = CandidateEvaluator.create(
            project_name, target_python=_TARGET, specifier=specifier, hashes=hashes
        )
        return evaluator.compute_best_candidate(self.candidates)


def chosen_by_pip(specifier: str, releases: Iterable[Release], constraint: str = "") -> str | None:
    """The version that pip would try first for *specifier* below *constraint*, None where it finds
    none.
    """
    finder = Finder([_candidate(each) for each in releases])
    factory = Factory(
        finder=finder,
        preparer=None,
        make_install_req=None,
        wheel_cache=None,
        use_user_site=False,
        force_reinstall=False,
        ignore_installed=True,
        ignore_requires_python=False,
    )
    found = factory._iter_found_candidates(
        [install_req_from_line(f"name {specifier}")],
        SpecifierSet(constraint),
        Hashes(),
        True,
        set(),
    )
    return next((str(version) for version, _ in found._get_infos()), None)


def _candidate(release: Release) -> InstallationCandidate:
    url = f"https://registry.example/name-{release.version.replace('!', '%21')}.tar.gz"
    link = Link(url, yanked_reason="" if release.yanked else None)
    return InstallationCandidate("name", release.version, link)
