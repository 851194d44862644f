"""Says what articles have in common, with asyncio: all of them are segmented at the same time.

    python shared_news.py TARGET ARTICLE.txt ARTICLE.txt …
"""

import asyncio
import pathlib
import sys

import cesura


async def main(target: str, *paths: str) -> None:
    async with cesura.AsyncClient(target) as client:
        sources = [pathlib.Path(path).read_bytes() for path in paths]
        documents = await asyncio.gather(*(client.segment(source) for source in sources))
        comparison = await client.compare(documents)
    for group in comparison.groups:
        kind = cesura.ComparisonKind.Name(group.kind).removeprefix("COMPARISON_KIND_").lower()
        print(f"{kind} {group.score:.2f}")
        for member in group.members:
            print(f"  {paths[member.document]}: {member.text}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
