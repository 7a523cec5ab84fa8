# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[visa]"]
#
# [tool.flodesk]
# version = 1
# tags = ["measuring"]
#
# [tool.flodesk.connections]
# dmm = "TCPIP0::voltmeter::inst0::INSTR voltmeter.yaml@sim"
#
# [tool.flodesk.canvas.flow]
# limit = [0, 320]
# average = [280, -120]
# recent = [560, -120]
# log = [560, 100]
# number = [0, -120]
# volt = [0, 80]
# meter = [280, 80]
# count = [280, 560]
# chart = [840, -120]
# high = [280, 320]
# alarm = [560, 360]
# rows = [840, 140]
#
# [tool.flodesk.panel.flow]
# limit = [0, 7, 8, 2]
# meter = [8, 0, 4, 3]
# chart = [0, 0, 8, 7]
# alarm = [8, 3, 4, 3]
# rows = [8, 6, 4, 3]
# ///
"""A voltmeter, read ten times a second: an alarm lights above a limit, and every reading is recorded."""

import flodesk
from flodesk.nodes import control, maths, record, show, statistics, visa


def flow():
    limit = control.slider(5.5, minimum=4.0, maximum=6.0, label="Alarm above", unit="V")
    average = statistics.RunningMean(window=10)
    recent = statistics.Recent(number=100)
    log = record.Csv("voltmeter.csv", columns=["volt", "smooth"], existing="replace")
    number = 0
    for volt in visa.poll("dmm", command="READ?", period=0.1):
        meter = show.number(volt, title="Voltage", unit="V", digits=5)
        smooth = average(volt)
        last = recent(volt, smooth)
        high = maths.greater(volt, limit=limit)
        alarm = show.lamp(high, title="Over the limit", color="red")
        recorded = log(volt, smooth)
        count = maths.add(number, 1)
        number = count
        chart = show.line(
            last, title="Readings", names="reading, mean of ten", x_label="Reading", y_unit="V", newest=count
        )
        rows = show.number(recorded.turns, title="Rows recorded")


if __name__ == "__main__":
    flodesk.main(flow)
