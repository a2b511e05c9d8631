"""Make the sounds of alarms: `python packaging/make_sounds.py resources/sounds`.

Each is a few tones with soft edges, told apart by count and direction as well as by pitch: one for
the early line, two falling for a cut-off, three rising and repeated for what is down.
"""

import math
import struct
import sys
import wave
from pathlib import Path

RATE = 22_050
EDGE_S = 0.012
LOUD = 0.5

Tone = tuple[float, float]
"""Pitch in hertz (0 for a rest) and length in seconds."""

SOUNDS: dict[str, tuple[Tone, ...]] = {
    "early": ((660.0, 0.22),),
    "cut-off": ((880.0, 0.16), (0.0, 0.05), (587.0, 0.26)),
    "down": (
        *((587.0, 0.14), (0.0, 0.04), (740.0, 0.14), (0.0, 0.04), (988.0, 0.24)),
        (0.0, 0.16),
        *((587.0, 0.14), (0.0, 0.04), (740.0, 0.14), (0.0, 0.04), (988.0, 0.3)),
    ),
}


def samples(tones: tuple[Tone, ...]) -> list[int]:
    """Give the samples of some tones, 16 bits each."""
    made: list[int] = []
    for pitch, length_s in tones:
        count = int(length_s * RATE)
        for place in range(count):
            at_s = place / RATE
            edge = min(1.0, at_s / EDGE_S, (length_s - at_s) / EDGE_S)
            wave_ = math.sin(2 * math.pi * pitch * at_s)
            overtone = 0.25 * math.sin(4 * math.pi * pitch * at_s)
            made.append(int(32_767 * LOUD * max(0.0, edge) * (wave_ + overtone) / 1.25))
    return made


def write(folder: Path) -> None:
    """Write every sound into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, tones in SOUNDS.items():
        made = samples(tones)
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(f"<{len(made)}h", *made))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
