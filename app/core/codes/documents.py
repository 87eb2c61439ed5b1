"""Codes of source documents."""

from app.core.codes.labelled import LabelledEnum


class DocumentKind(LabelledEnum):
    """What sort of source a document is."""

    NEWSPAPER_PAGE = "newspaper_page", "报纸版面", "newspaper page"
    FILED_TEXT = "filed_text", "立案文本", "filed text"


class Level(LabelledEnum):
    """The level of government a document speaks to."""

    CITY = "city", "市级", "city"
    PROVINCIAL = "provincial", "省级", "provincial"
    NATIONAL = "national", "国家级", "national"


class Confidence(LabelledEnum):
    """How sure a correction is."""

    CERTAIN = "certain", "确定", "certain"
    LIKELY = "likely", "很可能", "likely"
    POSSIBLE = "possible", "可能", "possible"


class StretchReason(LabelledEnum):
    """Why a stretch of a document belongs to no proposal."""

    MASTHEAD = "masthead", "报头", "masthead"
    HEADLINE = "headline", "版面标题", "headline of the page"
    SECTION_HEADING = "section_heading", "栏目标题", "section heading"
    LEAD_IN = "lead_in", "编者引言", "editorial lead-in"
    BYLINE = "byline", "记者署名", "byline"
    CAPTION = "caption", "图片说明", "caption"
    ADVERTISEMENT = "advertisement", "广告", "advertisement"
    REPEAT = "repeat", "重复印刷", "printed again"
