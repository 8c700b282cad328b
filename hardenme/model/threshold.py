"""Every threshold of the profiles: its values, its unit, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

OWN = "hardenme's own"
"""The source of a number that no published standard gives."""


class Stricter(StrEnum):
    """Which of two values of a threshold lets less pass."""

    LESS = "the lower"
    MORE = "the higher"
    NEITHER = "neither: it decides several checks, in different ways"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number that a check holds a fact against.

    Attributes:
        name: as files spell it; with `_` for `-` it is the field of `Limits`.
        unit: what is counted.
        what: what fails beyond it, or what it bounds.
        usual: the value, where a profile has no other.
        of_profile: the profiles that have another.
        source: the standard or the page that gives the number, by its own name.
        reason: why this number, in one sentence.
        stricter: which of two values lets less pass.
        bounds: the least and the greatest value that a file may set.
    """

    name: str
    unit: str
    what: str
    usual: int
    of_profile: Mapping[str, int] = field(default_factory=dict)
    source: str
    reason: str
    stricter: Stricter = Stricter.LESS
    bounds: tuple[int, int]

    @property
    def attribute(self) -> str:
        """The field of `Limits`."""
        return self.name.replace("-", "_")

    def of(self, profile: str) -> int:
        """The value in a profile."""
        return self.of_profile.get(profile, self.usual)

    def tightens(self, value: int, held: int) -> bool:
        """Whether a value lets less pass than the one that is held."""
        return value != held and (
            (self.stricter is Stricter.LESS and value < held)
            or (self.stricter is Stricter.MORE and value > held)
        )


_days = partial(Threshold, unit="days", bounds=(1, 3650))
_people = partial(Threshold, unit="people", bounds=(1, 100))

_TABLE = (
    Threshold(
        name="approvals",
        unit="people",
        what="approving reviews that a change needs (GHB103)",
        usual=1,
        of_profile={"solo": 0, "strict": 2},
        source="OSPS-QA-07.01 (one person beside the author); CIS 1.1.3 and OpenSSF SCM (two)",
        reason="One stolen account must not be able to merge. Alone, nobody can approve.",
        stricter=Stricter.MORE,
        bounds=(0, 6),
    ),
    _days(
        name="key-unused-days",
        what="an SSH or deploy key was not used for longer (GHA103, GHR109)",
        usual=180,
        of_profile={"strict": 90},
        source=OWN,
        reason="GitHub itself removes SSH keys after a year without use; half of it is kept here.",
    ),
    _days(
        name="key-new-days",
        what="a key that was never used is older (GHA103, GHR109)",
        usual=30,
        source=OWN,
        reason="A key that a month brought no use for was made for nothing.",
    ),
    _days(
        name="key-old-days",
        what="an SSH key is older (GHA105)",
        usual=730,
        of_profile={"strict": 365},
        source="NIST SP 800-57 part 1 (a private authentication key: 1 to 2 years)",
        reason="Nobody knows after years where copies of a key lie.",
    ),
    Threshold(
        name="rsa-bits",
        unit="bits",
        what="an RSA key is shorter (GHA104)",
        usual=3072,
        source="NIST SP 800-57 part 1 (128 bits of security)",
        reason="Shorter keys are not meant for data that has to stay safe beyond 2030.",
        stricter=Stricter.MORE,
        bounds=(2048, 16384),
    ),
    _days(
        name="invitation-days",
        what="an invitation waits longer (GHA112, GHO121, GHR114)",
        usual=7,
        source="GitHub's documentation (invitations end after 7 days)",
        reason="An invitation that nobody takes is a door for whoever gets hold of the mailbox.",
    ),
    Threshold(
        name="activity-days",
        unit="days",
        what="a member was not seen to act for longer (GHO122)",
        usual=180,
        source="OpenSSF SCM (activity in the last 6 months); CIS 1.3.1 gives no number",
        reason="A right that is not used is not missed when it is stolen.",
        # Nothing earlier is asked for, so that nothing could be said of a longer time.
        bounds=(1, 180),
    ),
    _people(
        name="owners-least",
        what="an organization has fewer owners (GHO105)",
        usual=2,
        of_profile={"solo": 1},
        source="GitHub's documentation (at least two owners); CIS 1.3.3",
        reason="With one owner, a lost account is a lost organization.",
        stricter=Stricter.MORE,
    ),
    _people(
        name="owners-most",
        what="an organization has more owners (GHO105)",
        usual=5,
        source=f"{OWN}; OpenSSF SCM asks for fewer than three",
        reason="Each owner can undo everything; five leave room for time zones.",
    ),
    _days(
        name="domain-days",
        what="the domain of a mail address ends sooner (GHA109, NPA106)",
        usual=60,
        source=OWN,
        reason="Whoever registers a lapsed domain gets the mail that resets passwords.",
        stricter=Stricter.MORE,
    ),
    _days(
        name="token-left-days",
        what="the GitHub token lives longer (GHT103)",
        usual=90,
        of_profile={"strict": 30},
        source=OWN,
        reason="A leaked token is worth as much as the time that it has left.",
    ),
    _days(
        name="token-warning-days",
        what="the GitHub token ends sooner (GHT104)",
        usual=14,
        source=OWN,
        reason="Two weeks are enough to replace it before a scheduled run stops.",
        stricter=Stricter.MORE,
    ),
    _days(
        name="grant-unused-days",
        what="a member's token was not used for longer (GHO115, GHO116)",
        usual=90,
        of_profile={"strict": 30},
        source=OWN,
        reason="GitHub itself removes tokens after a year without use.",
    ),
    _days(
        name="app-suspended-days",
        what="a suspended app is still installed after longer (GHO118)",
        usual=30,
        source=OWN,
        reason="A month is enough to find out that nobody misses it.",
    ),
    _days(
        name="secret-old-days",
        what="a secret was not changed for longer (GHO129, GHR127)",
        usual=365,
        of_profile={"strict": 180},
        source=f"{OWN}; OSPS-BR-07.02 asks for rotation and gives no number",
        reason="Who left within the year may still know it.",
    ),
    _days(
        name="repository-quiet-days",
        what="a repository with secrets or keys had no push for longer (GHR120)",
        usual=365,
        source=f"{OWN}; CIS 1.2.7 gives no number",
        reason="Nobody watches a repository that nobody works on.",
    ),
    _people(
        name="repository-admins-least",
        what="a repository has fewer administrators (GHR112)",
        usual=2,
        source=OWN,
        reason="Somebody else must be able to shut a stolen account out.",
        stricter=Stricter.MORE,
    ),
    _people(
        name="repository-admins-most",
        what="a repository has more administrators (GHR112)",
        usual=5,
        source=f"{OWN}; OpenSSF SCM asks for fewer than three",
        reason="Each administrator can take every rule away.",
    ),
    _days(
        name="npm-write-days",
        what="an npm token that writes lives longer (NPT106)",
        usual=30,
        of_profile={"strict": 7},
        source=f"{OWN}; npm's default is 7 days, and its most 90",
        reason="A token that publishes should not outlive what it was made for.",
    ),
    _days(
        name="npm-read-days",
        what="an npm token that reads lives longer (NPT106)",
        usual=365,
        of_profile={"strict": 90},
        source=OWN,
        reason="It opens private packages, and changes none.",
    ),
    _days(
        name="npm-new-token-days",
        what="an npm token that was never used is older (NPT107)",
        usual=7,
        source=OWN,
        reason="A token is made when it is needed.",
    ),
    _days(
        name="npm-write-unused-days",
        what="an npm token that writes was not used for longer (NPT107)",
        usual=30,
        source=OWN,
        reason="Tokens left over from before trusted publishing have carried attacks.",
    ),
    _days(
        name="npm-read-unused-days",
        what="an npm token that reads was not used for longer (NPT107)",
        usual=90,
        of_profile={"strict": 30},
        source=OWN,
        reason="It is not missed, and can be made anew.",
    ),
    Threshold(
        name="npm-active-tokens",
        unit="tokens",
        what="an account has more tokens in force (NPT110)",
        usual=10,
        source=OWN,
        reason="In a long list a strange token is not seen.",
        bounds=(1, 1000),
    ),
    _days(
        name="npm-expired-days",
        what="an expired token is still listed after longer (NPT110)",
        usual=30,
        source=OWN,
        reason="In a long list a strange token is not seen.",
    ),
    _people(
        name="package-writers",
        what="a package has more writers (NPP109)",
        usual=3,
        of_profile={"strict": 2},
        source=OWN,
        reason="Each writer's account is enough for a release.",
    ),
    _days(
        name="package-active-days",
        what="what counts as active: a package with a release since then (NPP101, NPP116), a person who"
        " made one (NPP110, NPO104)",
        usual=365,
        source=OWN,
        reason="A year takes in projects that release once a year.",
        stricter=Stricter.NEITHER,
    ),
    _days(
        name="release-age-days",
        what="npm on this machine installs younger releases (LOC108)",
        usual=3,
        of_profile={"strict": 7},
        source=OWN,
        reason="Most malicious releases were found within hours or a few days.",
        stricter=Stricter.MORE,
    ),
    _days(
        name="release-dormant-days",
        what="a release comes after a longer silence (REL102, REL108)",
        usual=365,
        source=OWN,
        reason="Accounts that had been idle for more than a year were used in attacks.",
    ),
    Threshold(
        name="burst-packages",
        unit="packages",
        what="so many of one publisher come out within ten minutes (REL107)",
        usual=3,
        source=OWN,
        reason="Worms publish everything at once.",
        bounds=(2, 1000),
    ),
    Threshold(
        name="burst-versions",
        unit="versions",
        what="so many of one package come out within an hour (REL107)",
        usual=5,
        source=OWN,
        reason="Worms publish everything at once.",
        bounds=(2, 1000),
    ),
    _days(
        name="dependency-age-days",
        what="a patch newly needs a package that is younger (REL103)",
        usual=7,
        source=OWN,
        reason="What attacks brought along was a day old.",
        stricter=Stricter.MORE,
    ),
    _days(
        name="staged-days",
        what="a staged version waits longer (NPP112)",
        usual=7,
        source=OWN,
        reason="What waits for approval should be known to somebody.",
    ),
    _people(
        name="npm-owners-least",
        what="an npm organization has fewer owners (NPO102)",
        usual=2,
        of_profile={"solo": 1},
        source=OWN,
        reason="With one owner, a lost account is a lost organization.",
        stricter=Stricter.MORE,
    ),
    _people(
        name="npm-owners-most",
        what="an npm organization has more owners (NPO102)",
        usual=3,
        source=OWN,
        reason="Each owner can publish every package of the organization.",
    ),
    Threshold(
        name="high-impact-downloads",
        unit="downloads a week",
        what="a package counts as of high impact from so many (NPP checks weigh more)",
        usual=1_000_000,
        source="GitHub's and npm's own definition of high-impact packages (2022)",
        reason="What goes wrong there reaches everybody.",
        bounds=(1, 10**9),
    ),
    Threshold(
        name="high-impact-dependents",
        unit="packages",
        what="a package counts as of high impact from so many that need it",
        usual=500,
        source="GitHub's and npm's own definition of high-impact packages (2022)",
        reason="What goes wrong there reaches everybody.",
        bounds=(1, 10**6),
    ),
)
THRESHOLDS: dict[str, Threshold] = {threshold.name: threshold for threshold in _TABLE}
"""The thresholds by name. The age up to which releases are judged is a setting, `since`."""
