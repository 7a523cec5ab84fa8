"""What node types are called in other programs: a table for each, read by `other_names`, which says how.

One line for each node type or group of them: what it is called there, with commas between, and what it is here, the
likeliest first. What a node's own name, title or tags hold already needs no line.
"""

from __future__ import annotations

LABVIEW = """
while loop: timing.every timing.count
timed loop, wait until next ms multiple: timing.every
for loop, iteration: timing.count timing.every
feedback node, shift register: logic.Previous
case structure, conditional: if logic.select
build array: array.make
index array: maths.element array.row array.column
array subset: array.slice
array size: array.shape
initialize array: array.filled
insert into array: array.insert
delete from array: array.remove
replace array subset: array.replace
search 1d array: array.find
sort 1d array: array.sort
array max & min: maths.maximum maths.minimum
reshape array: array.reshape
interleave 1d arrays: array.interleave
rotate 1d array: array.shift
transpose 2d array: array.transpose
threshold 1d array: array.index_of_nearest
formula node, expression node, mathscript: maths.formula =
python node, matlab script node: def
in range and coerce: maths.between maths.clip
coerce: maths.clip
compound arithmetic: maths.add maths.sum
quotient & remainder: maths.quotient maths.remainder
boolean array to number: maths.from_bits
number to boolean array: maths.to_bits
wait (ms): timing.delay
tick count (ms), get date/time in seconds: timing.timestamp
get date/time string, format date/time string: timing.clock
elapsed time: timing.Stopwatch
first call?: logic.FirstTurn
obtain queue, enqueue element, dequeue element, producer consumer: queue.Queue
notifier: queue.Latest
build waveform: source.signal
simulate signal: source.sine
waveform chart: show.Strip
waveform graph: show.line
xy graph: show.xy
intensity graph, intensity chart: show.heat
digital waveform graph: show.States
3d surface graph: show.surface
numeric control: control.number
numeric indicator: show.number
string control: control.text
string indicator: show.text
boolean, push button: control.button control.switch
round led, square led: show.lamp
vertical pointer slide, horizontal pointer slide: control.slider
dial: control.knob show.gauge
enum, ring, text ring, combo box: control.choice
file path control: control.path
color box: control.color
listbox, multicolumn listbox: show.table
concatenate strings: text.join
string subset: text.part
string length: text.length
search and replace string: text.replace
match pattern, match regular expression: text.find
format into string: text.template
scan from string, fract/exp string to number: text.to_number
number to fractional string: text.number
trim whitespace, to upper case: text.letters
spreadsheet string to array: text.split
read delimited spreadsheet: file.read_csv
write delimited spreadsheet, write to measurement file: file.write_csv
read from text file: file.read_text
write to text file: file.write_text
tdms write: record.Tdms
read from measurement file: record.play
visa write, visa read, instrument i/o assistant: visa.Query visa.poll
power spectrum, fft power spectrum: dsp.power_spectral_density dsp.spectrum
amplitude and phase spectrum: dsp.spectrum
extract single tone information, tone measurements: dsp.lock_in
distortion measurements: dsp.distortion
butterworth filter: dsp.butterworth
smoothing filter: dsp.moving_average
peak detector, waveform peak detection: dsp.peaks
pulse measurements, transition measurements: dsp.pulse_measures
basic averaged dc-rms: dsp.rms
trigger and gate: dsp.Trigger
linear fit: fit.line
general polynomial fit: fit.polynomial
nonlinear curve fit: fit.curve
general histogram: statistics.histogram
ode solver: simulate.ode
solve linear equations: linear.solve
mean ptbypt: statistics.RunningMean
imaq threshold: image.threshold
imaq particle analysis, imaq particle analysis report: image.regions
imaq particle filter: image.select_objects image.remove_small
imaq match pattern: image.match_template
imaq extract: image.crop
list folder: file.list_files
recursive file list: file.each_file file.list_files
sound file read: file.read_wav
flatten to json: text.to_json
unflatten from json: text.parse_json
db tools execute query: sql.query sql.execute
http client get: web.get
system exec: system.command
"""

MATLAB = """
movmean, movavg: dsp.moving_average statistics.RunningMean
movmedian, medfilt1, medfilt: dsp.median_filter
movstd: statistics.RunningStatistics
butter, filtfilt: dsp.butterworth
filter1, sosfilt: dsp.iir dsp.StreamFilter
lowpass: dsp.Lowpass dsp.butterworth
fir1: dsp.fir
designfilt: dsp.StreamFilter dsp.iir
iirnotch: dsp.notch
sgolayfilt: dsp.savgol
fft: dsp.spectrum show.Spectrum
psd, pwelch: dsp.power_spectral_density
mscohere, cpsd: dsp.cross_spectrum
tfestimate: dsp.frequency_response
findpeaks: dsp.peaks
risetime, overshoot: dsp.pulse_measures
thd, sinad, snr: dsp.distortion
hilbert: dsp.envelope
xcorr: dsp.cross_correlation dsp.autocorrelation
conv: dsp.convolve
interp: dsp.upsample
cwt: dsp.scalogram
wdenoise: dsp.wavelet_denoise
hann, hamming: dsp.window
polyfit: fit.polynomial
polyval: maths.polynomial
lsqcurvefit, nlinfit, cftool: fit.curve
fitlm, regress: fit.regression
csaps: fit.spline
interp1: maths.interpolate
cumsum: maths.cumulative_sum
cumtrapz: maths.cumulative_integral
trapz: maths.integral
gradient: maths.derivative
diff: maths.difference table.compare
abs: maths.absolute
sqrt: maths.square_root
log10: maths.logarithm
mod, rem: maths.remainder
fix: maths.floor
prod: maths.product
db, mag2db: maths.to_decibels
deg2rad: maths.radians
linspace: source.linspace
logspace: array.logarithmic
zeros, ones: array.filled
eye: linear.identity
reshape: array.reshape
horzcat, cat: array.concatenate
vertcat: array.stack table.concatenate
repmat: array.repeat
fliplr, flipud: array.reverse
circshift: array.shift
find: array.find text.find
numel, size: array.shape
inv: linear.inverse
pinv: linear.pseudo_inverse
det: linear.determinant
eig: linear.eigen
mldivide: linear.solve linear.least_squares
expm: linear.exponential
kron: linear.kronecker
std, stdev: statistics.standard_deviation
var: statistics.variance
prctile: statistics.quantile
corrcoef: statistics.correlation
hist, histcounts: statistics.histogram show.Histogram
ttest: statistics.t_test
ttest2: statistics.t_test_two
anova1: statistics.anova
ksdensity: statistics.density
isoutlier, rmoutliers: statistics.outliers
readtable, readmatrix, csvread, importdata: file.read_csv
xlsread: file.read_excel
writetable, writematrix: file.write_csv
jsondecode: file.read_json
imread: file.read_image source.picture
imshow, imagesc: show.image
plot3, scatter3: show.scatter3d
surf, mesh: show.surface
heatmap, pcolor: show.heat
bar chart: show.bars
stairs, animatedline: show.Strip
disp, fprintf: show.Log print
sprintf, num2str: text.template text.number
str2double, str2num: text.to_number
strsplit: text.split
strjoin, strcat: text.join
strrep: text.replace
regexp: text.find
upper, lower, strtrim: text.letters
groupsummary, splitapply: table.group_by
innerjoin, outerjoin: table.join
rmmissing: table.drop_missing
fillmissing: table.fill_missing
unstack: table.pivot
retime: table.resample_time
sortrows: table.sort
ode45: simulate.ode
fminsearch, fmincon: simulate.minimise
fzero: simulate.root
linprog: simulate.linear_program
lsim: simulate.state_space
unit delay, memory: logic.Previous
to workspace: collect.List
saturation: maths.clip
gain: maths.scale
transfer fcn: simulate.state_space simulate.step_response
discrete pid controller: dsp.PID
stateflow: logic.StateMachine
tic, toc: timing.Stopwatch
datetime, now: timing.timestamp timing.clock
imgaussfilt: image.gaussian
imbinarize, graythresh: image.threshold
regionprops: image.regions
bwlabel: image.label
rgb2gray: image.to_gray
medfilt2: image.median
imwrite: file.write_image
fitctree: learn.tree_classifier
fitcknn: learn.neighbours_classifier
crossval: learn.cross_validate
confusionchart, confusionmat: learn.confusion_matrix
webread: web.get
websave: web.download
audioread: file.read_wav
audiowrite: file.write_wav
jsonencode: text.to_json
dir: file.list_files
copyfile: file.copy
movefile: file.move
sqlread, fetch: sql.query web.get
"""

PYTHON = """
arange: source.linspace
np.array, asarray: array.make
hstack: array.concatenate
vstack: array.stack
tile: array.repeat
roll: array.shift
argmax: array.index_of_maximum
argmin: array.index_of_minimum
argsort: array.sort_order
nonzero, argwhere: array.find
searchsorted: array.index_of_nearest
sliding_window_view: array.rolling_window
np.where: maths.where
np.clip: maths.clip
np.interp: maths.interpolate
np.matmul, einsum: linear.multiply
np.dot: linear.dot
lstsq: linear.least_squares
np.linalg.solve: linear.solve
nanmean, np.mean: maths.mean
percentile: statistics.quantile
randn, normal: maths.random_numbers source.noise
rfft, scipy.fft: dsp.spectrum
welch, periodogram: dsp.power_spectral_density
lfilter, scipy.signal.lfilter: dsp.iir dsp.StreamFilter
savgol_filter: dsp.savgol
find_peaks: dsp.peaks
curve_fit, scipy.optimize.curve_fit: fit.curve
linregress: statistics.linear_fit fit.line
solve_ivp, odeint: simulate.ode
basinhopping: simulate.Annealing
scipy.optimize.minimize: simulate.minimise
brentq: simulate.root
pd.read_csv, read_table: file.read_csv
read_excel: file.read_excel
to_csv: file.write_csv
to_excel: file.write_excel
to_parquet: file.write_parquet
dataframe, pd.DataFrame: table.from_rows show.table
loc, iloc: table.select table.filter_rows
query: table.filter_rows sql.query_tables visa.Query
assign: table.add_column
groupby, df.groupby, agg: table.group_by
pivot_table: table.pivot
merge: table.join
concat: table.concatenate
dropna: table.drop_missing
fillna: table.fill_missing
drop_duplicates: table.drop_duplicates
value_counts: table.value_counts
get_dummies: table.one_hot
pd.cut, qcut: table.bin
astype: table.convert_types
to_datetime: table.parse_dates
resample: dsp.resample table.resample_time
rolling: table.rolling statistics.RunningMean array.rolling_window
ewm: dsp.Smooth
corr: table.correlation_table
sort_values: table.sort
crosstab: table.cross_tab
iterrows, itertuples, to_dict: table.to_rows
plt.plot, pyplot: show.line
plt.scatter: show.scatter
plt.imshow: show.image
plt.hist, histplot: show.Histogram
f-string, str.format, jinja: text.template
re.search: text.find
time.sleep: timing.delay
time.time: timing.timestamp
while true: timing.every
range, enumerate: timing.count
print: print show.Log
def, lambda, function: def maths.formula
input: control.text
open(): file.read_text
append: collect.List array.concatenate
asyncio.queue: queue.Queue
sqlite3, duckdb: sql.query_tables record.Sqlite
pyvisa: visa.Query visa.poll
train_test_split: learn.split
RandomForestClassifier: learn.forest_classifier
RandomForestRegressor: learn.forest_regressor
KMeans: learn.k_means
StandardScaler, MinMaxScaler: learn.scaler
cross_val_score: learn.cross_validate
GridSearchCV: learn.grid_search
threshold_otsu: image.threshold
gaussian_filter, GaussianBlur: image.gaussian
cv2.imread: file.read_image
cv2.Canny: image.canny
requests.get, urlopen: web.get
requests.post: web.request
json.loads: text.parse_json
json.dumps: text.to_json
pd.read_sql, read_sql_query: sql.query
to_sql: sql.write_table
glob.glob, os.listdir: file.list_files
shutil.copy: file.copy
np.load: file.read_npy
np.save: file.write_npy
re.findall: text.find_all
strptime: text.parse_date table.parse_dates
strftime: text.format_date timing.clock
hashlib: text.hash file.checksum
zipfile: file.zip_files file.unzip
svc: learn.svm_classifier
kneighborsclassifier: learn.neighbours_classifier
mlpclassifier: learn.network_classifier
gaussiannb: learn.naive_bayes
predict_proba: learn.probabilities
accuracy_score, f1_score: learn.score_classes
r2_score, mean_squared_error: learn.score_numbers
classification_report: learn.class_report
tfidfvectorizer: learn.tf_idf
joblib.dump, pickle.dump: learn.save_model
joblib.load, pickle.load: learn.load_model
subprocess.run, os.system: system.command
smtplib: system.send_email
paho: system.mqtt_subscribe system.MqttPublish
logging: system.LogFile show.Log
os.environ: system.environment_variable
"""

FLOJOY = """
BUTTER: dsp.butterworth
FIR: dsp.fir
SAVGOL: dsp.savgol
PERIODOGRAM: dsp.power_spectral_density
PEAK_DETECTION: dsp.peaks
SINE, BASIC_OSCILLATOR: source.sine
SECOND_ORDER_SYSTEM: simulate.step_response simulate.oscillator
TIMESERIES: source.signal
PLOTLY_DATASET, TEXT_DATASET, R_DATASET: source.dataset
OPEN_IMAGE, LOCAL_FILE: file.read_image
OPEN_PARQUET: file.read_parquet
BIG_NUMBER: show.number
SURFACE3D: show.surface
TABLE, MATRIX_VIEW, ARRAY_VIEW: show.table
TEXT_VIEW: show.text
INNER_PRODUCT: linear.dot
MATMUL: linear.multiply
TRANSPOSE_MATRIX: array.transpose
SORT_VECTOR: array.sort
EXTRACT_COLUMNS: table.select
REMOVE_DUPLICATE_ROWS: table.drop_duplicates
DIFFERENTIATE: maths.derivative
INTEGRATE: maths.integral
BRENTH, BISECT, NEWTON: simulate.root
LEAST_SQUARES: linear.least_squares
CONDITIONAL: if
LOOP_INDEX: timing.count
FEEDBACK: logic.Previous
APPEND: collect.List
SCALAR_2_VECTOR: array.make
DF_2_NP: table.column
NP_2_DF: table.from_rows
SUPPORT_VECTOR_MACHINE: learn.svm_classifier
TRAIN_TEST_SPLIT: learn.split
EDGE_DETECTION: image.canny image.edges
CROP_IMAGE: image.crop
IMAGE_SMOOTHING: image.gaussian
REGION_PROPERTIES: image.regions
REMOTE_FILE: web.download
"""

NODE_RED = """
inject: timing.every timing.once
debug: show.Log print
function node: def
change, rbe, report by exception: logic.Changed
trigger node: logic.Latch
template: text.template
range node: maths.map_range
split node: text.split
join node: collect.List
batch: array.rolling_window
file in: file.read_text
file out, write file: file.write_text
csv node: file.read_csv
json node: file.read_json
smooth node: dsp.Smooth
ui_slider: control.slider
ui_button: control.button
ui_switch: control.switch
ui_dropdown, dropdown: control.choice
ui_text: show.text
ui_gauge: show.gauge
ui_chart: show.Strip
ui_led: show.lamp
rate limit: dsp.RateLimiter
watchdog: timing.Timeout
cron: timing.daily
http request: web.get web.request
watch: file.watch_folder
"""

ORANGE = """
data table: show.table
csv file import: file.read_csv
select rows: table.filter_rows
select columns: table.select
merge data: table.join
pivot table: table.pivot
discretize: table.bin
continuize: table.one_hot
impute: table.fill_missing
feature constructor: table.add_column
data sampler: table.sample
edit domain: table.rename_columns table.convert_types
preprocess: table.normalise
feature statistics, data info: statistics.describe
distributions: show.Histogram
line plot: show.line
correlations: table.correlation_table
unique: table.unique table.drop_duplicates array.unique
save data: file.write_csv
python script: def
create table, paint data: control.table
datasets: source.dataset
test and score: learn.cross_validate
predictions: learn.predict
tree: learn.tree_classifier
random forest: learn.forest_classifier
neural network: learn.network_classifier
hierarchical clustering: learn.agglomerative
roc analysis: learn.roc_curve
silhouette plot: learn.silhouette
outliers: learn.isolation_forest statistics.outliers
sql table: sql.query
linear regression: learn.linear_regressor fit.line
bag of words: learn.tf_idf text.word_counts
"""

PROGRAMS: dict[str, str] = {
    "LabVIEW": LABVIEW,
    "MATLAB": MATLAB,
    "Python": PYTHON,
    "Flojoy": FLOJOY,
    "Node-RED": NODE_RED,
    "Orange": ORANGE,
}
