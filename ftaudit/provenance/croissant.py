"""Croissant 1.1 with RAI 1.0 (JSON-LD): a record written so that other tools can read it.

Fields that Croissant knows are written as its own properties; the whole record travels beside
them under `ftaudit:record`, since Croissant has no place for consent, retention, approvals or
the basis of a right. When a file is read, Croissant's own properties win over that copy, so
what another tool corrected is not lost; a file of another tool is read from its properties.

References: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html,
https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html, https://www.w3.org/TR/prov-o/.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from ftaudit.model.document_models import read_section
from ftaudit.model.documents import read_text
from ftaudit.model.errors import InputError
from ftaudit.model.json_object import RepeatedKeyError, object_of
from ftaudit.provenance.licenses import parse_license
from ftaudit.provenance.provenance_record import (
    SCHEMA,
    FileEntry,
    ProvenanceRecord,
    SourceEntry,
    filled_values,
)

CONFORMS_TO: Final = (
    "http://mlcommons.org/croissant/1.1",
    "http://mlcommons.org/croissant/RAI/1.0",
)
RAI: Final = "http://mlcommons.org/croissant/RAI/"
PROV: Final = "http://www.w3.org/ns/prov#"
SDO: Final = "https://schema.org/"
OWN: Final = "urn:ftaudit:provenance:v1#"

CONTEXT: Final[Mapping[str, object]] = {
    "@language": "en",
    "@vocab": SDO,
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "ftaudit": OWN,
    "ftaudit:record": {"@id": "ftaudit:record", "@type": "@json"},
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": PROV,
    "rai": RAI,
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": SDO,
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context the specification recommends, with RAI, PROV and ours."""

ENCODING: Final = {
    ".parquet": "application/vnd.apache.parquet",
    ".jsonl": "application/jsonlines",
    ".json": "application/json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".arrow": "application/vnd.apache.arrow.file",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
}
"""File ending → media type; others are application/octet-stream."""


def write_croissant(record: ProvenanceRecord) -> str:
    """Return a record as the text of a Croissant JSON-LD file.

    Keys are sorted, so equal records give equal bytes.
    """
    whole = filled_values(record)
    info = record.dataset
    document: dict[str, object] = {
        "@context": dict(CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": (info and (info.title or info.id)) or "untitled",
        "description": _description(record),
        "distribution": [_file_object(f) for f in record.files if f.path],
        "ftaudit:record": whole,
    }
    document |= dict(_about(record)) | dict(_responsible(record))
    kept = {k: v for k, v in document.items() if v not in (None, [], "")}
    return json.dumps(kept, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _description(record: ProvenanceRecord) -> str:
    use = record.intended_use
    return f"Training data for {use.task}" if use and use.task else "Training data"


def _about(record: ProvenanceRecord) -> Iterator[tuple[str, object]]:
    info = record.dataset
    licenses = dict.fromkeys(s.license for s in record.sources if s.license)
    yield "license", list(licenses)
    if info:
        yield "version", info.version
        yield "identifier", info.id
        yield "url", info.id if info.id and info.id.startswith(("http://", "https://")) else None
        yield "datePublished", info.issued.isoformat() if info.issued else None
        yield (
            "publisher",
            {"@type": "sc:Organization", "name": info.issuer} if info.issuer else None,
        )
        yield "creator", {"@type": "sc:Organization", "name": info.issuer} if info.issuer else None


def _responsible(record: ProvenanceRecord) -> Iterator[tuple[str, object]]:
    use, personal = record.intended_use, record.personal_data
    methods = dict.fromkeys(s.method for s in record.sources if s.method)
    days = [d for s in record.sources if s.collected for d in (s.collected.start, s.collected.end)]
    dated = sorted(d for d in days if d is not None)
    yield "rai:dataUseCases", list(use.allowed) if use else []
    yield "rai:dataCollectionType", list(methods)
    if dated:
        yield "rai:dataCollectionTimeframe", [dated[0].isoformat(), dated[-1].isoformat()]
    yield "rai:personalSensitiveInformation", list(personal.categories) if personal else []
    yield "prov:wasDerivedFrom", [_derived(s) for s in record.sources if s.uri]
    yield "prov:wasGeneratedBy", [_activity(s.activity, s.tool) for s in record.lineage]


def _derived(source: SourceEntry) -> dict[str, object]:
    entity = {"@id": source.uri, "@type": "prov:Entity", "prov:label": source.id}
    return {k: v for k, v in (entity | {"license": source.license}).items() if v is not None}


def _activity(activity: str | None, tool: str | None) -> dict[str, object]:
    entry = {"@type": "prov:Activity", "prov:label": activity, "prov:wasAssociatedWith": tool}
    return {k: v for k, v in entry.items() if v is not None}


def _file_object(file: FileEntry) -> dict[str, object]:
    ending = PurePosixPath(file.path or "").suffix.lower()
    entry = {
        "@id": file.path,
        "@type": "cr:FileObject",
        "name": PurePosixPath(file.path or "").name,
        "contentUrl": file.path,
        "encodingFormat": ENCODING.get(ending, "application/octet-stream"),
        "sha256": file.sha256,
    }
    return {k: v for k, v in entry.items() if v is not None}


def read_croissant(path: Path | str) -> ProvenanceRecord:
    """Read a Croissant 1.0 or 1.1 file into a record.

    Raises:
        InputError: unreadable, not JSON, not a Croissant dataset, or holding a value that no
            record can hold.
    """
    return parse_croissant(read_text(path, kind="Croissant"), str(path))


def parse_croissant(text: str, name: str) -> ProvenanceRecord:
    """Parse the text of a Croissant file; `name` stands for it in errors.

    Raises:
        InputError: not JSON, not a Croissant dataset, or holding a value no record can hold.
    """
    from pydantic import ValidationError

    document = _document(text, name)
    own = document.get("ftaudit:record")
    merged = _laid_over(own if isinstance(own, dict) else {"schema": SCHEMA}, document)
    try:
        return read_section(ProvenanceRecord.prepared(merged), ProvenanceRecord)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(name, f"{field}: {first['msg']}") from None


def _document(text: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(text, object_pairs_hook=object_of)
    except RepeatedKeyError:
        problem = "a key stands twice in one object"
        raise InputError(name, problem, remedy="Remove one of them") from None
    except json.JSONDecodeError as error:
        problem = f"not JSON: {error.msg}"
        raise InputError(name, problem, place=f"line {error.lineno}") from None
    except RecursionError:
        raise InputError(name, "not a Croissant file: nested too deeply") from None
    conforms = (
        document.get("conformsTo", document.get("dct:conformsTo"))
        if isinstance(document, dict)
        else 0
    )
    if not any("croissant" in str(c).lower() for c in _many(conforms)):
        remedy = "A Croissant file has conformsTo http://mlcommons.org/croissant/1.1"
        raise InputError(name, "not a Croissant dataset", remedy=remedy)
    return dict(document)


def _laid_over(record: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return `record` with its values replaced by Croissant's own properties where they are set."""
    merged = dict(record)
    values = {
        "title": _text(_get(document, "name")),
        "version": _text(_get(document, "version")),
        "id": _text(_get(document, "identifier")) or _text(_get(document, "url")),
        "issuer": _agent(_get(document, "publisher")) or _agent(_get(document, "creator")),
        "issued": (_text(_get(document, "datePublished")) or "")[:10] or None,
    }
    before = record.get("dataset") or {}
    if values["title"] == before.get("id") or values["title"] == "untitled":
        values["title"] = before.get("title")
    merged["dataset"] = before | {k: v for k, v in values.items() if v is not None}
    merged["files"] = _files(record.get("files") or [], _many(_get(document, "distribution")))
    merged["sources"] = _sources(record.get("sources") or [], document)
    merged["intended_use"] = _over(record, "intended_use", "allowed", document, "dataUseCases")
    sensitive = "personalSensitiveInformation"
    merged["personal_data"] = _over(record, "personal_data", "categories", document, sensitive)
    return {k: v for k, v in merged.items() if v not in (None, {}, [])}


def _over(
    record: Mapping[str, Any], part: str, field: str, document: Mapping[str, Any], name: str
) -> dict[str, Any]:
    """Return a part of the record with one field taken from the RAI property, where it is set."""
    texts = [t for v in _many(_get(document, name, RAI)) if (t := _text(v))]
    return dict(record.get(part) or {}) | ({field: texts} if texts else {})


def _files(before: list[Any], objects: list[Any]) -> list[dict[str, Any]]:
    by_path = {f.get("path"): f for f in before if isinstance(f, dict)}
    files: dict[Any, dict[str, Any]] = dict(by_path)
    for item in objects:
        if not isinstance(item, dict) or "FileSet" in str(item.get("@type")):
            continue
        path = _text(_get(item, "contentUrl")) or _text(item.get("@id"))
        digest = _text(_get(item, "sha256"))
        values = {"path": path, "sha256": digest.lower() if digest else None}
        kept = {k: v for k, v in values.items() if v is not None}
        files[path] = dict(by_path.get(path) or {}) | kept
    return list(files.values())


def _sources(before: list[Any], document: Mapping[str, Any]) -> list[dict[str, Any]]:
    derived = [d for d in _many(_get(document, "wasDerivedFrom", PROV)) if isinstance(d, dict)]
    if not before:
        alone = [] if "ftaudit:record" in document else _from_dataset(document)
        return [_from_entity(d) for d in derived] or alone
    uris = {d.get("@id"): d for d in derived}
    sources = []
    for source in before:
        entity = uris.get(source.get("uri"), {})
        license_ = _license(_get(entity, "license"))
        sources.append(dict(source) | ({"license": license_} if license_ else {}))
    return sources


def _from_entity(entity: Mapping[str, Any]) -> dict[str, Any]:
    uri = _text(entity.get("@id"))
    label = _text(_get(entity, "label", PROV)) or _text(_get(entity, "name"))
    source = {"id": label or uri, "uri": uri, "license": _license(_get(entity, "license"))}
    return {k: v for k, v in source.items() if v is not None}


def _from_dataset(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the dataset itself as its only source, where `wasDerivedFrom` is absent."""
    name = "dataCollectionTimeframe"
    days = _many(_get(document, name, RAI) or _get(document, "dataCollectionTimeFrame", RAI))
    spell = sorted(t[:10] for d in days if (t := _text(d)))
    methods = [t for v in _many(_get(document, "dataCollectionType", RAI)) if (t := _text(v))]
    source = {
        "id": _text(_get(document, "name")),
        "kind": "public-dataset",
        "uri": _text(_get(document, "url")),
        "license": _license(_get(document, "license")),
        "method": ", ".join(methods) or _text(_get(document, "dataCollection", RAI)),
        "collected": {"start": spell[0], "end": spell[-1]} if spell else None,
    }
    return [{k: v for k, v in source.items() if v is not None}]


def _license(value: object) -> str | None:
    """Return a licence as an SPDX expression; several are joined by AND."""
    texts = [t for v in _many(value) if (t := _text(v) or _agent(v))]
    licenses = [_of_url(text) for text in texts]
    terms = [f"({k})" if " OR " in k and len(licenses) > 1 else k for k in dict.fromkeys(licenses)]
    return " AND ".join(terms) if terms else None


def _of_url(text: str) -> str:
    """Return the SPDX expression for a licence given as text or as one of the usual URLs."""
    parts = [p for p in text.lower().removesuffix(".html").split("/") if p]
    if len(parts) > 4 and parts[1].endswith("creativecommons.org"):
        kind = "CC0-1.0" if parts[3] == "zero" else f"CC-{parts[3]}-{parts[4]}"
        return parse_license(kind) or text
    name = parts[-1].removeprefix("license-") if "://" in text and parts else text
    return parse_license(name) or text


def _get(node: Mapping[str, Any], name: str, namespace: str = SDO) -> Any:  # noqa: ANN401 - JSON
    """Return a property by its short name, its usual prefixes or its full IRI."""
    prefixes = {SDO: ("", "sc:", "schema:"), RAI: ("rai:",), PROV: ("prov:",)}[namespace]
    names = [*(f"{p}{name}" for p in prefixes), f"{namespace}{name}"]
    return next((node[n] for n in names if n in node), None)


def _many(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str | None:
    """Return plain text, a number as text, or the text of a JSON-LD value or language map."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("en") or value.get("@id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def _agent(value: object) -> str | None:
    """Return the name of the first person, organisation or work."""
    for agent in _many(value):
        if isinstance(agent, dict):
            return _text(_get(agent, "name")) or _text(_get(agent, "url"))
        if isinstance(agent, str):
            return agent
    return None
