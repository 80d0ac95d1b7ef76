"""`benchmark/`, a small benchmark, and `dirty-benchmark/`, conversations that give it away."""

from typing import Final

from clean import Row, by_split, conversation, provenance, to_jsonl
from planting import Plant, Sheet

FOLDER: Final = "dirty-benchmark"

CREW: Final = (
    "A grey submarine leaves the harbour of Tromso at noon with 42 sailors and 30 crates of "
    "oranges on board. Each crate holds 56 oranges. If every sailor eats 4 oranges a day, after "
    "how many days must the cook open the tins of peaches?"
)
BOOKS: Final = (
    "The library of Ystad lends 700 books a week and gets 615 of them back before the next week "
    "begins. It owns 9,350 books. How many weeks does it take until half of its shelves are empty?"
)
ORCHARD: Final = (
    "Farida plants 18 rows of cherry trees with 25 trees in each row. A storm fells 63 of them, "
    "and she replaces two thirds of those. How many cherry trees stand in her orchard in the end?"
)
REWORDED: Final = (
    "In her orchard Farida put in cherry trees: 18 rows, and 25 trees to a row. After 63 were "
    "felled by a storm, two thirds of these were replaced. What is the final number of trees?"
)
"""The question before in other words."""
RAILWAY: Final = (
    "The night train from Zagreb to Split has 11 sleeping cars with 36 beds each. On a Friday in "
    "August 297 beds are taken. What share of the beds of the train stays empty that night?"
)
GLACIER: Final = (
    "Explain why the tongue of a glacier can advance for several decades although its surface "
    "loses more ice to melting in summer than falls as snow in winter."
)
MEDIAN: Final = (
    "Complete the function: "
    "import heapq def running_median(values): low, high = [], [] for value in values: "
    "heapq.heappush(low, -heapq.heappushpop(high, value)) if len(low) > len(high): "
    "heapq.heappush(high, -heapq.heappop(low)) yield high[0]"
)
CAPITAL: Final = "Name the capital of Mongolia."
OTHERS: Final = (
    "Which treaty of 1648 ended the war of thirty years, and which two towns was it signed in?",
    "A potter fires 140 bowls and sells all but 35 of them for 12 crowns each: what does she earn?",
    "Describe how a lighthouse lens bends the light of a small lamp into one narrow beam.",
    "In what order do moss, birch and spruce settle on a field of lava that has grown cold?",
    "Why does a violin string sound higher when it is tightened to four times its tension?",
)
QUESTIONS: Final = (CREW, BOOKS, ORCHARD, RAILWAY, GLACIER, MEDIAN, CAPITAL, *OTHERS)


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the benchmark and of the training data, and what was planted in these."""
    sheet = _train()
    text = sheet.text()
    record = provenance(FOLDER, "text-generation", {sheet.file: text})
    # the file has no columns that say of every row where it came from
    record = "".join(x for x in record.splitlines(keepends=True) if "row_columns" not in x)
    files = {
        "benchmark/questions.jsonl": to_jsonl({"question": question} for question in QUESTIONS),
        f"{FOLDER}/{sheet.file}": text,
        f"{FOLDER}/provenance.yaml": record,
    }
    return files, sheet.plants


def _train() -> Sheet:
    sheet = Sheet(FOLDER, "train.jsonl", map(conversation, by_split()["train"]))
    sheet.pad(6)
    sheet.put(_chat(CREW.upper()), leakage__benchmark="question 0, in capitals")
    sheet.pad()
    changed = BOOKS.replace("Ystad", "Lund")
    sheet.put(_chat(changed), leakage__benchmark="question 1 with another town")
    sheet.pad()
    letter = f"My sister wrote to me from her exam hall last week.\n{GLACIER}\nCan you help her?"
    sheet.put(_chat(letter), leakage__benchmark="question 4 inside a longer letter")
    sheet.pad()
    module = f"Of course. Put this into median.py:\n{MEDIAN.partition(': ')[2]}\nThen call it."
    sheet.put(
        _chat("Show me how you would follow the middle of a stream.", module),
        leakage__benchmark="the code of question 5, in an answer",
    )
    sheet.pad()
    sheet.put(
        _chat(CAPITAL.lower(), "Ulaanbaatar.", first="Let us play a quiz about Asia."),
        leakage__benchmark="question 6, too short for runs of eight words, as a turn of its own",
    )
    sheet.put(_chat(REWORDED), leakage__benchmark_reworded="question 2 in other words")
    sheet.pad()
    quoted = (
        "Is it true that the night train from Zagreb to Split has 11 sleeping cars with 36 beds "
        "each, or do they use seats now? I travel with my children and a dog and a bicycle."
    )
    sheet.put(_chat(quoted), leakage__benchmark_passage="13 words in a row of question 3")
    sheet.pad(6)
    return sheet


def _chat(question: str, answer: str = "Let me work that out for you.", *, first: str = "") -> Row:
    """Return a conversation, after a first exchange if there is one."""
    turns: list[dict[str, str]] = []
    if first:
        turns = [{"role": "user", "content": first}, {"role": "assistant", "content": "Gladly."}]
    turns.append({"role": "user", "content": question})
    return {"messages": [*turns, {"role": "assistant", "content": answer}]}
