# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[visa]"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.connections]
# dmm = "TCPIP0::voltmeter::inst0::INSTR voltmeter.yaml@sim"
#
# [tool.flodesk.canvas.flow]
# volt = [0, 110]
# limit = [0, 340]
# average = [270, -100]
# meter = [270, 110]
# high = [270, 340]
# recent = [540, -100]
# log = [540, 110]
# alarm = [540, 340]
# chart = [810, -100]
# rows = [810, 110]
#
# [tool.flodesk.panel.flow]
# chart = [0, 0, 8, 6]
# meter = [8, 0, 4, 2]
# alarm = [8, 2, 4, 2]
# rows = [8, 4, 4, 2]
# limit = [0, 6, 8, 2]
# ///
"""A voltmeter, read ten times a second: an alarm lights above a limit, and every reading is recorded."""
import flodesk
from flodesk.nodes import control, maths, record, show, statistics, visa


def flow():
    limit = control.slider(5.5, minimum=4.0, maximum=6.0, label="Alarm above", unit="V")
    average = statistics.RunningMean(window=10)
    recent = statistics.Recent(number=100)
    log = record.Csv("voltmeter.csv", columns=["volt", "smooth"], existing="replace")
    for volt in visa.poll("dmm", command="READ?", period=0.1):
        meter = show.number(volt, title="Voltage", unit="V", digits=5)
        smooth = average(volt)
        last = recent(volt, smooth)
        chart = show.line(last, title="Readings", names="reading, mean of ten", x_label="Reading", y_unit="V")
        high = maths.greater(volt, limit=limit)
        alarm = show.lamp(high, title="Over the limit", color="red")
        recorded = log(volt, smooth)
        rows = show.number(recorded, title="Rows recorded", digits=9)


if __name__ == "__main__":
    flodesk.main(flow)
