"""Coordinates precise enough to name a house."""

from typing import ClassVar

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import key

_DEGREES = LazyPattern(r"(\d{1,3})\.\d{4}")
_LATITUDE = r"-?(?:[0-8]?\d\.\d{4,15}|90\.0{4,})"
_LONGITUDE = r"-?(?:1[0-7]\d|\d{1,2})\.\d{4,15}"
_MINUTES = (
    r"\d{1,3}[ ]?(?:[°º]|deg)[ ]?\d{1,2}[ ]?['\u2032\u2019][ ]?\d{1,2}(?:\.\d{1,4})?"
    r"[ ]?(?:[\"\u2033\u201d]|'')[ ]?"
)


class CoordinatesRecognizer(CuedRecognizer):
    """Find latitude and longitude with four decimals (eleven metres) or more, after a word."""

    entity: ClassVar = "COORDINATES"
    patterns: ClassVar = (
        CuedPattern(
            "pair",
            key(
                r"gps|lat(?:itude)?|lat ?/? ?(?:lon|lng)|coords?|coordinates?|geo|location"
                r"|position|home"
                r"|koordinaten|coordenadas|coordonn[ée]es|coordinate|standort|координаты|坐标|座標|位置"
                r"|좌표"
            )
            + rf"[^\d\n-]{{0,24}}(?P<value>{_LATITUDE}°?[ "
            rf"]?[NS]?[ ]?[,;/ ][ ]?{_LONGITUDE})(?![\w]|\.\d)",
            0.7,
        ),
        CuedPattern(
            "said after",
            rf"(?<![\w.])(?P<value>{_LATITUDE},[ ]?{_LONGITUDE})\)?[ ,]{{1,2}}"
            r"(?i:is|was|which is)[ ]"
            r"(?:(?i:my|his|her|our|their|the)[ ](?:[a-z'\u2019]{1,14}[ ]){0,3}"
            r"(?i:home|house|flat|apartment|address|place)|(?i:where)[ ][a-z'\u2019]{1,14}[ ]"
            r"(?:[a-z]{1,14}[ ])?(?i:lives?|lived|stays?|sleeps?))\b",
            0.7,
        ),
        CuedPattern(
            "degrees",
            rf"(?<![\w.])(?P<value>{_LATITUDE}[ ]?°[ ]?[NS],?[ ]{{0,2}}"
            rf"{_LONGITUDE}[ ]?°[ ]?[EWO])(?!\w)",
            0.8,
        ),
        CuedPattern(
            "minutes",
            rf"(?<![\w.])(?P<value>{_MINUTES}[NS][, ]{{0,3}}{_MINUTES}[EWO])(?!\w)",
            0.8,
        ),
        CuedPattern(
            "point",
            rf"\bPOINT[ ]?Z?[ ]?\([ ]?(?P<value>{_LONGITUDE}[ ]{_LATITUDE})[ ]?\)",
            0.7,
        ),
        CuedPattern(
            "map",
            r"(?:[?&](?i:q|ll|sll|center|query|destination|daddr|saddr|cp|mlat)=|/@|(?<![\w.])@(?=[\d.,-]{10,40},\d{1,2}(?:\.\d{1,2})?z))"
            rf"(?P<value>{_LATITUDE},{_LONGITUDE})(?![\w]|\.\d)",
            0.7,
        ),
        CuedPattern(
            "keys",
            r"(?i:(?:\b|_|gps[_ ]?|home[_ ]?)lat(?:itude)?\b|緯度|纬度|широта)"
            r"[\"']?[ ]?[:=]?[ ]?[\"']?"
            rf"(?P<value>{_LATITUDE}[\"']?[ ]?[,;&\n]?[ ]?[\"']?"
            rf"(?i:(?:gps|home|geo)?[_ ]?(?:lon|lng|long)|gps[_ ]?longitude|経度|经度|долгота"
            rf"|longitude)[\"']?[ ]?[:=]?[ ]?[\"']?{_LONGITUDE})(?!\w)",
            0.7,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Refuse what lies within one degree of both zeros: boxes and weights, and open sea."""
        if pattern == "minutes":
            return True
        return any(int(degrees) for degrees in _DEGREES.findall(value))
