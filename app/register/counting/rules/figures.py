"""The figures, each with its formula; what each of its parts counts stands in the queries.

The formulas are those of the figures that congresses, conferences and governments publish of how
proposals are handled; where two meanings are in use, both stand here under names of their own.
"""

from app.core.codes import Progress
from app.core.errors import Sentence
from app.register.counting.rules.figure import CountedUnit, Figure, Viewers, share

DISPATCHED = ("已交办的提案", "proposals that an office was given to answer")
ADOPTED = ("采纳或部分采纳的建议", "recommendations accepted or partly accepted")
OWN_CASES = (
    "单位主办、独办、分办的交办件",
    "assignments as lead, sole or separate office",
)
FORMS = ("收回的反馈表", "forms that were returned")
SATISFIED = ("满意和基本满意的反馈表", "forms that say satisfied or basically satisfied")
P, R, A, C = (
    CountedUnit.PROPOSALS,
    CountedUnit.RECOMMENDATIONS,
    CountedUnit.ASSIGNMENTS,
    CountedUnit.COMMITMENTS,
)


def satisfaction(name: str, zh: str, en: str, what: Sentence, first: bool) -> Figure:
    """Return the share of forms that are satisfied with *what*; *first*: before handling again."""
    only = ("（重新办理之前）", ", before any handling again") if first else ("", "")
    return Figure(
        name,
        CountedUnit.EVALUATIONS,
        (f"{zh}{only[0]}", f"{en}{only[1]}"),
        (
            f"对{what[0]}满意、基本满意的反馈表 ÷ 收回的反馈表{only[0]}；未收回的不计",
            f"forms satisfied or basically satisfied with {what[1]} / returned forms{only[1]}; what"
            " was not returned is left out",
        ),
        share(SATISFIED, FORMS),
        Viewers.HANDLERS,
        past=False,
    )


FIGURES = (
    Figure(
        "filing_rate",
        P,
        ("立案率", "filing rate"),
        (
            "立案 ÷ 收到；并案、撤案另列，草稿不计",
            "filed / received; merged and withdrawn are counted apart, drafts not at all",
        ),
        share(
            ("已立案", "filed"),
            ("收到", "received"),
            merged=("并入其他提案", "merged into another"),
            withdrawn=("撤案", "withdrawn"),
        ),
    ),
    Figure(
        "reply_rate",
        P,
        ("办复率", "reply rate"),
        (
            "主办、独办、分办单位均已答复的提案 ÷ 已交办的提案；会办不计",
            "proposals whose every lead, sole or separate office replied / proposals dispatched;"
            " joint offices do not count",
        ),
        share(("均已答复", "every office replied"), DISPATCHED),
    ),
    Figure(
        "closure_rate",
        P,
        ("办结率", "closure rate"),
        ("已办结、已归档的提案 ÷ 已交办的提案", "closed or archived / proposals dispatched"),
        share(("已办结", "closed"), DISPATCHED),
    ),
    *(
        Figure(
            name,
            A,
            (f"按时办复率（{by[0]}）", f"on-time reply rate, {by[1]}"),
            (
                f"{by[0]}前答复 ÷（已答复 + 逾期未答复）；无期限的另列",
                f"replied by the {by[1]} / (replied + overdue and not replied); without a due day:"
                " apart",
            ),
            share(
                ("按时答复", "replied in time"),
                ("已答复和逾期未答复", "replied, or overdue and not replied"),
                undated=("已答复而无期限", "replied, without a due day"),
            ),
            Viewers.HANDLERS,
        )
        for name, by in (
            ("on_time_reply_rate", ("现行期限", "due day that holds")),
            ("on_time_reply_rate_original", ("原定期限", "original due day")),
        )
    ),
    Figure(
        "meeting_rate",
        A,
        ("面商率", "meeting rate"),
        (
            "至少面商或走访一次的交办件 ÷ 主办、独办、分办的交办件",
            "assignments with a meeting or a visit / assignments as lead, sole or separate office",
        ),
        share(("面商或走访过", "with a meeting or a visit"), OWN_CASES),
        Viewers.HANDLERS,
    ),
    *(
        satisfaction(
            f"{first}satisfaction_rate_{on}", f"满意率（{zh}）", f"satisfaction with {en}",
            (zh, en), bool(first),
        )
        for first in ("", "first_")
        for on, zh, en in (
            ("attitude", "办理态度", "the attitude"),
            ("result", "办理结果", "the result"),
        )
    ),
    Figure(
        "feedback_return_rate",
        CountedUnit.REPLIES,
        ("反馈率", "feedback return rate"),
        (
            "至少收回一份反馈表的答复 ÷ 主办、独办、分办单位现行的答复",
            "replies of which a form was returned / replies that hold, of lead, sole and separate"
            " offices",
        ),
        share(("收回反馈表", "a form was returned"), ("现行答复", "replies that hold")),
        Viewers.STAFF,
        past=False,
    ),
    Figure(
        "publication_rate",
        CountedUnit.REPLIES,
        ("公开率", "publication rate"),
        (
            "已公开的答复 ÷ 可公开的现行答复；不予公开的另列",
            "published / replies that hold and may be published; what is withheld: apart",
        ),
        share(
            ("已公开", "published"),
            ("可公开", "that may be published"),
            withheld=("不予公开", "withheld"),
        ),
        Viewers.STAFF,
        past=False,
    ),
    Figure(
        "resolved_rate",
        R,
        ("A 类率", "resolved rate"),
        (
            "答复为已解决或基本解决的建议 ÷ 已有答复的建议；按核定的结果",
            "recommendations answered as resolved / recommendations answered; as checked",
        ),
        share(("答复为已解决", "answered as resolved"), ("已有答复", "answered")),
    ),
    Figure(
        "b_to_a_rate",
        R,
        ("B 转 A 率", "B-to-A rate"),
        (
            "曾答复正在解决、列入计划的建议中，现已解决（现行答复为已解决，或已落实、已核验）的"
            " ÷ 曾答复正在解决、列入计划的建议",
            "of those once answered as being resolved or planned, now resolved (by the reply that"
            " holds, or implemented or verified) / once answered as being resolved or planned",
        ),
        share(
            ("现已解决", "now resolved"),
            ("曾答复正在解决、列入计划", "once in progress or planned"),
        ),
    ),
    Figure(
        "implementation_rate_strict",
        R,
        ("落实率（从严）", "implementation rate, strict"),
        ("已核验 ÷ 采纳或部分采纳", "verified / accepted or partly accepted"),
        share(("已核验", "verified"), ADOPTED),
    ),
    Figure(
        "implementation_rate_broad",
        R,
        ("落实率（从宽）", "implementation rate, broad"),
        (
            "（已核验 + 已落实 + 推进中）÷ 采纳或部分采纳",
            "(verified + implemented + in progress) / accepted or partly accepted",
        ),
        share(("已核验、已落实或推进中", "verified, implemented or in progress"), ADOPTED),
    ),
    Figure(
        "adopted_recommendations",
        R,
        ("采纳条数", "adopted recommendations"),
        ("采纳或部分采纳 ÷ 全部", "accepted or partly accepted / all"),
        share(ADOPTED, ("全部建议", "all recommendations")),
    ),
    Figure(
        "late_recommendations",
        R,
        ("逾期的建议", "late recommendations"),
        (
            "期限已过的建议 ÷ 有期限的建议",
            "recommendations whose next due day has passed / those that have one",
        ),
        share(("已逾期", "late"), ("有期限", "with a due day")),
        past=False,
    ),
    Figure(
        "promised_recommendations",
        R,
        ("有承诺未了的建议", "recommendations with an open promise"),
        (
            "有承诺尚未兑现的建议 ÷ 全部",
            "recommendations about which a promise is still owed / all",
        ),
        share(("有承诺未了", "with an open promise"), ("全部建议", "all recommendations")),
        past=False,
    ),
    Figure(
        "commitment_kept_rate",
        C,
        ("承诺兑现率", "commitment kept rate"),
        (
            "按期兑现 ÷ 到期的承诺；已撤回、已有新承诺的不计，无期限的另列",
            "kept by the promised day / promises due; withdrawn and replaced ones are left out,"
            " undated ones apart",
        ),
        share(
            ("按期兑现", "kept by the promised day"),
            ("到期", "due"),
            undated=("无期限", "without a day"),
        ),
    ),
    Figure(
        "funnel",
        R,
        ("从提出到核验", "from asked to verified"),
        (
            "提出、已有答复、采纳、推进、落实、核验各多少条；后一步不必含于前一步",
            "how many were asked, answered, accepted, started, implemented, verified; a step need"
            " not lie within the one before",
        ),
        {
            "asked": ("提出", "asked"),
            "answered": ("已有答复", "answered"),
            "accepted": ("采纳或部分采纳", "accepted or partly"),
            "started": ("已推进", "started"),
            "implemented": ("已落实", "implemented"),
            "verified": ("已核验", "verified"),
        },
    ),
    Figure(
        "stages",
        R,
        ("落实进度", "progress"),
        ("各进度多少条", "how many stand at each progress"),
        {str(code): code.labels for code in Progress},
        is_partition=True,
    ),
    Figure(
        "reply_days",
        A,
        ("答复用时", "days until the reply"),
        ("首次答复日 − 交办日", "day of the first reply - day of the dispatch"),
        {"counted": ("已答复", "replied")},
        Viewers.HANDLERS,
        days=True,
    ),
    Figure(
        "open_days",
        A,
        ("未答复时长", "days without a reply"),
        ("统计日 − 交办日", "the day counted - day of the dispatch"),
        {"counted": ("未答复", "not replied")},
        Viewers.HANDLERS,
        days=True,
    ),
    Figure(
        "promise_days",
        C,
        ("兑现用时", "days until a promise is kept"),
        ("兑现日 − 承诺日", "day on which it was kept - day of the promise"),
        {"counted": ("已兑现", "kept")},
        days=True,
    ),
)  # fmt: skip
BY_ID = {figure.id: figure for figure in FIGURES}
"""Every figure, by its id."""


def figures_with_parts(unit: CountedUnit) -> list[str]:
    """Return what a list of *unit* can be asked for in `counted_in`: figure and part."""
    return [f"{one.id}.{part}" for one in FIGURES if one.unit is unit for part in one.parts]
