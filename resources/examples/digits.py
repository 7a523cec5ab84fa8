# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[learn]"]
#
# [tool.flodesk]
# version = 1
# title = "Handwritten digits"
# tags = ["learning", "images"]
#
# [tool.flodesk.canvas.flow]
# share = [0, 160]
# gamma = [560, 260]
# digits = [0, -60]
# kept = [280, 160]
# parts = [560, 0]
# model = [840, -100]
# told = [1120, 80]
# scores = [1400, -260]
# right = [1680, -260]
# percent = [1960, -260]
# confusion = [1400, 0]
# matrix = [1680, 0]
# wrong = [1400, 220]
# painted = [1680, 220]
# faults = [1960, 220]
# tested = [1400, 420]
# number = [1680, 420]
#
# [tool.flodesk.panel.flow]
# share = [0, 5, 3, 3]
# gamma = [3, 5, 3, 3]
# percent = [6, 5, 3, 3]
# matrix = [0, 0, 6, 5]
# faults = [6, 0, 6, 5]
# number = [9, 5, 3, 3]
# ///
"""A machine learns to read handwritten digits, is tested on 450 that it has not seen, and shows which it got wrong."""
import numpy as np
from PIL import Image, ImageDraw

import flodesk
from flodesk import Picture, Table
from flodesk.nodes import control, learn, maths, show, source, table


def mistakes(told: Table) -> Table:
    """Keep the rows whose digit was taken for another one."""
    return told[told["target"] != told["predicted"]]


def gallery(wrong: Table, columns: int = 6, side: int = 64) -> Picture:
    """Paint digits of 8 × 8 pixels side by side, each with what it is and what it was taken for."""
    rows = max(1, -(-min(len(wrong), 4 * columns) // columns))
    sheet = Image.new("L", (columns * (side + 8) + 8, rows * (side + 24) + 8), 40)
    for place, (_, row) in enumerate(wrong.head(4 * columns).iterrows()):
        pixels = row.drop(["target", "predicted"]).to_numpy(float).reshape(8, 8)
        tile = Image.fromarray((pixels * 255.0 / 16.0).astype(np.uint8)).resize((side, side))
        left, top = 8 + place % columns * (side + 8), 8 + place // columns * (side + 24)
        sheet.paste(tile, (left, top))
        ImageDraw.Draw(sheet).text((left, top + side + 3), f"{row['target']:.0f}, not {row['predicted']:.0f}", fill=230)
    return np.asarray(sheet)


def flow():
    share = control.slider(25.0, minimum=5.0, maximum=75.0, step=1.0, label="Kept back for the test", unit="%")
    gamma = control.knob(0.001, minimum=1e-05, maximum=0.1, scale="log", label="Gamma")
    digits = source.dataset("digits")
    kept = maths.scale(share, factor=0.01)
    parts = learn.split(digits, share=kept, alike="target")
    model = learn.svm_classifier(parts.train, gamma=gamma, scale=False)
    told = learn.predict(model, parts.test)
    scores = learn.score_classes(told)
    right = maths.scale(scores.accuracy, factor=100.0)
    percent = show.number(right, title="Read right", unit="%", digits=3)
    confusion = learn.confusion_matrix(told)
    matrix = show.heat(confusion.matrix, title="What was taken for what", x_label="taken for", y_label="digit")
    wrong = mistakes(told)
    painted = gallery(wrong)
    faults = show.image(painted, title="Read wrong")
    tested = table.count_rows(told)
    number = show.number(tested, title="Tested")


if __name__ == "__main__":
    flodesk.main(flow)
