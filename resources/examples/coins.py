# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[images]"]
#
# [tool.flodesk]
# version = 1
# title = "Count the coins"
# tags = ["images"]
#
# [tool.flodesk.canvas.flow]
# radius = [0, 60]
# close = [560, -480]
# photo = [0, 300]
# even = [280, 0]
# found = [560, 0]
# closed = [840, 0]
# filled = [1120, 0]
# coins = [1400, 0]
# labels = [1680, 160]
# number = [1680, -40]
# colored = [1960, 280]
# shown = [2240, 280]
# sizes = [1960, 480]
# sheet = [2240, 480]
# count = [1960, -40]
# plain = [280, -240]
# rough = [840, -240]
# whole = [1120, -240]
# wrong = [1400, -240]
# without = [1680, -240]
#
# [tool.flodesk.panel.flow]
# radius = [8, 4, 4, 2]
# close = [8, 6, 4, 2]
# count = [8, 0, 4, 2]
# shown = [0, 0, 8, 8]
# without = [8, 2, 4, 2]
# sheet = { at = [0, 0, 12, 8], page = "Sizes" }
# ///
"""How many coins are there? Even out the light first: the plain threshold takes some of them for one."""
import flodesk
from flodesk.nodes import control, image, show, source


def flow():
    radius = control.slider(50.0, minimum=10.0, maximum=140.0, step=1.0, label="Ball under the light", unit="px")
    close = control.slider(3.0, minimum=1.0, maximum=8.0, step=1.0, label="Gaps that are closed", unit="px")
    photo = source.picture("coins")
    even = image.subtract_background(photo, radius=radius)
    found = image.threshold(even)
    closed = image.closing(found.mask, radius=close)
    filled = image.fill_holes(closed)
    coins = image.remove_small(filled, smallest=300)
    number = image.count_objects(coins)
    count = show.number(number, title="Coins")
    labels = image.label(coins)
    colored = image.overlay(photo, labels.labels)
    shown = show.image(colored, title="What was found")
    sizes = image.regions(labels.labels, photo)
    sheet = show.table(sizes, title="Every coin")
    plain = image.threshold(photo)
    rough = image.closing(plain.mask, radius=close)
    whole = image.fill_holes(rough)
    wrong = image.count_objects(whole, smallest=300)
    without = show.number(wrong, title="Without the ball")


if __name__ == "__main__":
    flodesk.main(flow)
