"""Extractive summaries of Italian news articles.

A summary is made of sentences of the articles as they stand. What comes into question, cesura says:
running text of the article, no furniture of the page, no title, crosshead, caption or repeat.
Which of it matters most, sumy says (LexRank, TextRank or LSA). Of statements that several articles
make, one stands for all.

    import cesura
    import cesura_summarize

    with cesura.Client("127.0.0.1:50051") as client:
        for summary in cesura_summarize.summarize(client, {"a": one, "b": other}, sentences=4):
            print(summary.title)
            for statement in summary.statements:
                print("-", statement.text, statement.said_by)
"""

from cesura_summarize.material import Article, Statement, read_articles
from cesura_summarize.ranking import METHODS
from cesura_summarize.summary import Summary, summarize

__all__ = ["METHODS", "Article", "Statement", "Summary", "read_articles", "summarize"]
