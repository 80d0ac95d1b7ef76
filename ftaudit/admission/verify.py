"""May tuning proceed? Verify a manifest, and judge its evidence again under the current policy.

The line a gate walks: signature → types and version → contradictions → data → age → required
checks and limits → approvals. Nothing recorded as a verdict is trusted: the recorded metrics are
judged again by `decision.decide`, and a waiver or an approval counts only as a signed statement.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from ftaudit import __version__
from ftaudit.admission import contradictions as consistency
from ftaudit.admission import statements
from ftaudit.admission.comparability import differences
from ftaudit.admission.match_files import Match, match, unchecked
from ftaudit.admission.rules import Rulebook
from ftaudit.admission.statements import Refusal, Signed
from ftaudit.model.errors import GateBlocked, InputError, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.policy.decision import Breach, Verdict, Waiver, decide, owners
from ftaudit.policy.policy import Policy
from ftaudit.wire import envelope as attestation
from ftaudit.wire import keyless
from ftaudit.wire.envelope import PublicKey
from ftaudit.wire.keyless import Identity
from ftaudit.wire.manifest import PREDICATE_TYPE, Manifest, digest, from_json

if TYPE_CHECKING:
    from ftaudit.readers.inputs import InputLike

File: TypeAlias = str | Path
Key: TypeAlias = str | Path | PublicKey
Data: TypeAlias = "InputLike | Sequence[InputLike]"

SKEW: Final = timedelta(minutes=5)
"""How far the clock of the machine that scanned may be ahead of ours."""


@dataclass(frozen=True)
class Admission:
    """What the gate says, why, and what it rests on."""

    exit_code: int
    """0 may proceed, 1 blocked, 3 a check could not be completed, 4 integrity failure."""
    reasons: tuple[str, ...] = ()
    """Why not; empty when tuning may proceed."""
    warnings: tuple[str, ...] = ()
    verified: tuple[tuple[str, str], ...] = ()
    """What was verified: a topic, and what holds."""
    notes: tuple[str, ...] = ()
    """What was not verified, and what a reader must know to trust the verdict."""
    files: tuple[Match, ...] = ()
    breaches: tuple[Breach, ...] = ()
    waivers: tuple[str, ...] = ()
    """Ids of the waivers that cover a breach."""
    approvals: tuple[str, ...] = ()
    """Roles that approved."""
    refused: tuple[Refusal, ...] = ()
    """Statements that do not count, and why."""
    manifest: str = ""
    """SHA-256 of the manifest."""
    signed_by: str = ""
    """Id of the trusted key that signed the manifest."""
    policy: str = ""

    @property
    def passed(self) -> bool:
        """Whether tuning may proceed."""
        return self.exit_code == 0

    @property
    def verdict(self) -> str:
        """PASSED, BLOCKED, or REFUSED when the manifest itself proves nothing."""
        return {0: "PASSED", 4: "REFUSED"}.get(self.exit_code, "BLOCKED")

    def to_json(self) -> str:
        """Return the admission as JSON, one object with sorted keys."""
        value = {"verdict": self.verdict, **asdict(self), "verified": dict(self.verified)}
        return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def gate(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    manifest: File,
    data: Data = (),
    *,
    policy: File | Policy = "standard",
    trusted_keys: Sequence[Key] = (),
    waivers: Sequence[File] = (),
    approvals: Sequence[File] = (),
    identity: Identity | None = None,
    now: datetime | None = None,
) -> Admission:
    """Return if tuning may proceed, else raise. Call it first in a training job.

    Args:
        manifest: what `ftaudit scan` wrote, signed (`manifest.dsse.json`) or not.
        data: what will be trained on: files, folders, or tables in memory; one or several.
        policy: the policy in force now: a built-in name, a file, or a loaded policy.
        trusted_keys: public keys, as files or loaded. Given any, the manifest must be signed.
        waivers: signed waivers.
        approvals: signed approvals.
        identity: who must have signed the manifest, when it is a sigstore bundle.
        now: the time to judge by; the clock's by default.

    Raises:
        GateBlocked: tuning may not proceed; `reasons` says why, `code` is 1 or 3.
        IntegrityError: a signature, a digest or a recorded count does not hold.
        InputError: a file is not what it should be.
    """
    admission = examine(
        manifest,
        data,
        policy=policy,
        trusted_keys=trusted_keys,
        waivers=waivers,
        approvals=approvals,
        identity=identity,
        now=now,
    )
    if admission.exit_code == IntegrityError.exit_code:
        raise IntegrityError("; ".join(admission.reasons))
    if not admission.passed:
        message = f"tuning may not proceed: {'; '.join(admission.reasons)}"
        raise GateBlocked(message, admission.reasons, admission.exit_code)
    return admission


def examine(  # noqa: PLR0913 - as `gate`
    manifest: File,
    data: Data = (),
    *,
    policy: File | Policy = "standard",
    trusted_keys: Sequence[Key] = (),
    waivers: Sequence[File] = (),
    approvals: Sequence[File] = (),
    identity: Identity | None = None,
    now: datetime | None = None,
) -> Admission:
    """Return what the gate says, as `gate` decides it, without raising for a refusal.

    Raises:
        InputError: a file is not what it should be.
    """
    rules = Rulebook.load(policy)
    examination = _Examination(rules, rules.policy, now or datetime.now(UTC), identity)
    try:
        keys = [
            k if isinstance(k, PublicKey) else attestation.load_public_key(k) for k in trusted_keys
        ]
        return examination.run(
            Path(manifest),
            _several(data),
            keys,
            [statements.load(path, keys) for path in waivers],
            [statements.load(path, keys) for path in approvals],
        )
    except IntegrityError as error:
        return Admission(IntegrityError.exit_code, (str(error),), policy=rules.policy.id)


@dataclass(eq=False)
class _Examination:
    """One manifest under examination: what holds and what does not, as it is found."""

    rules: Rulebook
    policy: Policy
    now: datetime
    identity: Identity | None = None
    verified: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def run(
        self,
        path: Path,
        data: "Sequence[InputLike]",
        keys: Sequence[PublicKey],
        waivers: Sequence[Signed],
        approvals: Sequence[Signed],
    ) -> Admission:
        """Walk the line of the gate once."""
        manifest, signed_by = self._opened(path, keys)
        self._consistent(manifest, path)
        files = self._data(manifest, data)
        self._age(manifest)
        verdict = self._verdict(manifest, waivers)
        roles = self._approvals(manifest, approvals)
        return self._admission(manifest, signed_by, files, verdict, roles)

    def _opened(self, path: Path, keys: Sequence[PublicKey]) -> tuple[Manifest, str]:
        """Read the manifest; return it and the trusted key that signed it, if one had to."""
        try:
            data = path.read_bytes()
        except OSError as error:
            remedy = "Name the manifest that `ftaudit scan` wrote"
            raise InputError(path, f"cannot be read ({error.strerror})", remedy=remedy) from None
        if self.identity is not None or keyless.is_bundle(data):
            return self._opened_keyless(data, path)
        wanted = bool(keys) or self.policy.signature.required
        if not attestation.is_envelope(data):
            if wanted:
                remedy = "Give manifest.dsse.json, or sign it with `ftaudit sign`"
                raise IntegrityError(f"{path}: not signed, where a signature is required. {remedy}")
            self.notes.append("the manifest is not signed: anybody may have written it")
            return from_json(data, str(path)), ""
        if not keys:
            opened = attestation.unverified(data, name=str(path))
            unknown = f"signed by the key {opened.keyid[:12]}, and no trusted key is given"
            if wanted:
                raise IntegrityError(f"{path}: {unknown}. Give its public key with --trusted-key")
            self.notes.append(f"the signature was not verified: {unknown}")
            return from_json(opened.payload, str(path)), ""
        verified = attestation.verify(data, keys, name=str(path))
        pinned = self.policy.signature.keys
        if pinned and verified.keyid not in pinned:
            msg = f"signed by the key {verified.keyid[:12]}, which the policy does not name"
            raise IntegrityError(f"{path}: {msg} under signature.keys")
        by = "a key that the policy names" if pinned else "a trusted key"
        self.verified.append(("signature", f"holds, by {by} ({verified.keyid[:12]})"))
        return from_json(verified.payload, str(path)), verified.keyid

    def _opened_keyless(self, data: bytes, path: Path) -> tuple[Manifest, str]:
        """Read a manifest that an identity signed, not a key."""
        if self.identity is None:
            remedy = "Say who must have signed it, with --identity and --issuer"
            raise IntegrityError(f"{path}: a sigstore bundle. {remedy}")
        if self.policy.signature.keys:
            raise IntegrityError(f"{path}: a sigstore bundle, where the policy names keys")
        payload = keyless.verify(data, self.identity, name=str(path))
        self.verified.append(("signature", f"holds, by {printable(self.identity.name)}"))
        return from_json(payload, str(path)), self.identity.name

    def _consistent(self, manifest: Manifest, path: Path) -> None:
        """Refuse a manifest that contradicts itself or the policy it was made under."""
        found = consistency.contradictions(manifest)
        recorded = self.rules.recorded(manifest)
        if recorded and manifest.predicate.tool.version == __version__:
            found += consistency.contradicts_policy(manifest, recorded, self.rules.metrics)
        if found:
            more = f" (and {len(found) - 1} more contradictions)" if len(found) > 1 else ""
            raise IntegrityError(f"{path}: the manifest contradicts itself: {found[0]}{more}")
        kind = PREDICATE_TYPE.rpartition("attestation/")[2]
        self.verified.append(("manifest", f"{kind}, free of contradictions"))
        versions = {id_: check.version for id_, check in self.rules.checks.items()}
        expected = self.rules.parameters()
        self.reasons += differences(manifest, self.policy, expected, versions, recorded)

    def _data(self, manifest: Manifest, data: "Sequence[InputLike]") -> tuple[Match, ...]:
        """Recognise the data files; say which were re-encoded and which were not checked."""
        matches = match(data, manifest)
        for found in matches:
            shown = printable(found.name)
            if found.how == "content root" and found.name != "table in memory":
                self.notes.append(f"{shown} was re-encoded since the audit: same content root")
            if found.role != "train" and found.named:
                self.notes.append(f"{shown} was audited as {found.role} data: do not train on it")
        left = unchecked(manifest, matches)
        if not matches:
            self.notes.append("no data was given, so none was compared with the manifest")
        elif left:
            self.notes.append(f"not compared with the manifest: {printable(', '.join(left))}")
        if matches:
            count = len({found.subject for found in matches})
            text = f"{count} of {len(manifest.subject)} files are the audited ones"
            self.verified.append(("data", text))
        return matches

    def _age(self, manifest: Manifest) -> None:
        """Hold the manifest to its own expiry and to the policy's maximum age."""
        created = consistency.moment(manifest.predicate.time_created)
        expires = consistency.moment(manifest.predicate.expires)
        if created is None or expires is None:
            raise IntegrityError("the times of the manifest are not RFC 3339")
        until = min(expires, created + self.policy.age)
        if created > self.now + SKEW:
            self.reasons.append(f"the manifest was created in the future ({_day(created)})")
        elif self.now >= until:
            self.reasons.append(f"the manifest expired on {_day(until)}: scan again")
        else:
            self.verified.append(("age", f"of {_day(created)}, holds until {_day(until)}"))

    def _verdict(self, manifest: Manifest, waivers: Sequence[Signed]) -> Verdict:
        """Judge the recorded metrics under the current policy and the waivers that count."""
        accepted: list[Waiver] = []
        for signed in waivers:
            found = statements.accept_waiver(signed, manifest, self.policy, self.now)
            if isinstance(found, Refusal):
                self.refused.append(found)
            else:
                accepted.append(found)
        evidence = consistency.evidence(manifest, accepted)
        verdict = decide(evidence, self.policy, owners(self.policy, self.rules.metrics))
        self._unused(accepted, waivers, verdict)
        self.reasons += [_shown(b) for b in verdict.breaches if not b.waiver]
        completed = sum(o.state == "completed" for o in evidence.outcomes)
        rows = sum(evidence.rows.values())
        self.verified.append(("checks", f"{completed} completed, over {rows:,} rows"))
        return verdict

    def _unused(
        self, accepted: Sequence[Waiver], signed: Sequence[Signed], verdict: Verdict
    ) -> None:
        """Say of every waiver that covers nothing whether it falls short or is not needed."""
        used = {breach.waiver for breach in (*verdict.breaches, *verdict.warnings)}
        open_ = {b.rule: b for b in verdict.breaches if not b.waiver}
        names = {s.statement.predicate.id: s.name for s in signed}
        for waiver in accepted:
            if waiver.id in used:
                continue
            breach = open_.get(waiver.rule)
            if breach is not None and breach.value is not None:
                ceiling = f"its ceiling of {waiver.ceiling:.6g}"
                reason = f"{breach.metric} is {breach.value:.6g}, beyond {ceiling}"
                self.refused.append(Refusal(names[waiver.id], waiver.id, reason))
            else:
                self.notes.append(
                    f"the waiver {printable(waiver.id)} is not needed: {waiver.rule} holds"
                )

    def _approvals(self, manifest: Manifest, approvals: Sequence[Signed]) -> tuple[str, ...]:
        """Return the roles that approved; a required one that did not is a reason."""
        roles: list[str] = []
        for signed in approvals:
            found = statements.accept_approval(signed, manifest, self.policy, self.now)
            if isinstance(found, Refusal):
                self.refused.append(found)
            else:
                roles.append(found.role)
                by = f"{found.role}: {found.approved_by}, until {found.expires}"
                self.verified.append(("approval", printable(by)))
        missing = [role for role in self.policy.approvals.require if role not in roles]
        reasons = [
            f"the policy requires the approval of {role}, and there is none" for role in missing
        ]
        self.reasons += reasons
        return tuple(dict.fromkeys(roles))

    def _admission(
        self,
        manifest: Manifest,
        signed_by: str,
        files: tuple[Match, ...],
        verdict: Verdict,
        roles: tuple[str, ...],
    ) -> Admission:
        waivers = tuple(sorted({b.waiver for b in verdict.breaches if b.waiver}))
        if (waivers or roles) and not self.policy.approvals.roles:
            self.notes.append("the policy names no roles: any trusted key may approve and waive")
        warnings = [_shown(breach) for breach in verdict.warnings]
        if self.policy.mode == "report":
            warnings, self.reasons = [*self.reasons, *warnings], []
        blocked = GateBlocked.exit_code if self.reasons else 0
        told = {breach.check for breach in verdict.breaches}
        broken = [f"the check {c} could not be completed" for c in verdict.errors if c not in told]
        return Admission(
            exit_code=verdict.exit_code or blocked,
            reasons=(*broken, *self.reasons),
            warnings=tuple(warnings),
            verified=(
                *self.verified,
                ("policy", f"{self.policy.id}, version {self.policy.version}"),
            ),
            notes=tuple(self.notes),
            files=files,
            breaches=verdict.breaches,
            waivers=waivers,
            approvals=roles,
            refused=tuple(self.refused),
            manifest=digest(manifest),
            signed_by=signed_by,
            policy=self.policy.id,
        )


def _several(data: Data) -> "Sequence[InputLike]":
    return data if isinstance(data, list | tuple) else (data,)


def _shown(breach: Breach) -> str:
    fix = f" {breach.fix}" if breach.fix else ""
    return f"{breach.rule}: {breach.message}.{fix}"


def _day(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
